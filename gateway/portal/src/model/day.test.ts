import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { Beat_Kind, Beat_Status, LeaderDaySchema } from '../gen/fivestrand/leadership/v1/visibility_service_pb';
import { DropInSchema } from '../gen/fivestrand/leadership/v1/visibility_pb';
import type { OutboxItem } from '../offline/item';
import { toProtoDate } from './dates';
import { carryOver, markOf, nextUp, orderClasses, recordsOf, removedNames, waitingRecords, weekTally, type Mark } from './day';

const TODAY = '2026-11-24';

function item(fields: Partial<OutboxItem>): OutboxItem {
  return {
    id: 'a',
    owner: 'p',
    action: 'create',
    type: 'dropIn',
    parent: 'trusts/t/schools/s',
    name: '',
    record: { startTime: `${TODAY}T10:00:00Z`, schoolClass: 'c2' },
    mask: [],
    label: '',
    createdAt: 1,
    attempts: 0,
    nextAttemptAt: 0,
    state: 'waiting',
    ...fields,
  };
}

const day = create(LeaderDaySchema, {
  day: { date: toProtoDate(TODAY), kind: 1, schoolWeek: 12 },
  week: ['2026-11-23', TODAY].map((date) => ({ date: toProtoDate(date), kind: 1, schoolWeek: 12 })),
  beats: [
    { kind: Beat_Kind.DROP_IN, date: toProtoDate(TODAY), status: Beat_Status.DUE },
    { kind: Beat_Kind.GATE_START, date: toProtoDate(TODAY), status: Beat_Status.HELD, count: 1 },
  ],
  classes: [
    { schoolClass: 'c1', displayName: '1', lastSeenTime: timestampFromDate(new Date('2026-11-01T10:00:00Z')) },
    { schoolClass: 'c2', displayName: '2' },
  ],
  dropIns: [create(DropInSchema, { name: 'trusts/t/schools/s/dropIns/x', startTime: timestampFromDate(new Date(`${TODAY}T09:00:00Z`)) })],
});

describe('a day with what waits on the device', () => {
  it('marks a commitment that is recorded and not yet sent as waiting, not as kept', () => {
    expect(markOf(day, Beat_Kind.DROP_IN, TODAY, [])).toEqual({ status: Beat_Status.DUE, count: 0, waiting: false });
    expect(markOf(day, Beat_Kind.DROP_IN, TODAY, [item({})])).toEqual({ status: Beat_Status.DUE, count: 1, waiting: true });
    expect(markOf(day, Beat_Kind.DROP_IN, '2026-11-23', [item({})]).waiting).toBe(false);
    const gate = item({ type: 'duty', record: { startTime: `${TODAY}T08:30:00Z`, kind: 'GATE_START' } });
    expect(markOf(day, Beat_Kind.GATE_START, TODAY, [gate])).toEqual({ status: Beat_Status.HELD, count: 2, waiting: false });
  });

  it('does not count what was taken back, and counts it again when it is brought back', () => {
    const removal = item({ id: 'b', action: 'delete', after: 'a' });
    expect(waitingRecords([item({}), removal])).toEqual([]);
    expect(waitingRecords([item({}), removal, item({ id: 'c', action: 'undelete', after: 'b' })])).toHaveLength(1);
    expect(waitingRecords([item({ state: 'refused' })])).toEqual([]);
  });

  it('hides removed records at once, whether or not the server knows', () => {
    const name = 'trusts/t/schools/s/dropIns/x';
    const removal = item({ id: 'b', action: 'delete', name });
    expect(recordsOf(day, removedNames([]))).toHaveLength(1);
    expect(recordsOf(day, removedNames([removal]))).toHaveLength(0);
    expect(recordsOf(day, removedNames([{ ...removal, state: 'refused' }]))).toHaveLength(1);
    expect(recordsOf(day, removedNames([removal, item({ id: 'c', action: 'undelete', after: 'b' })]))).toHaveLength(1);
    expect(
      removedNames([item({ state: 'confirmed', result: { name, etag: '' } }), item({ id: 'b', action: 'delete', after: 'a' })]),
    ).toEqual(new Set([name]));
  });

  it('orders classes by how long they are unseen, with what waits counted as seen', () => {
    expect(orderClasses(day.classes, []).map((entry) => entry.schoolClass)).toEqual(['c2', 'c1']);
    expect(orderClasses(day.classes, [item({})]).map((entry) => entry.schoolClass)).toEqual(['c1', 'c2']);
  });

  it('points at what the clock says, and at nothing that is done', () => {
    const due: Mark = { status: Beat_Status.DUE, count: 0, waiting: false };
    const marks = new Map<Beat_Kind, Mark>([
      [Beat_Kind.GATE_START, due],
      [Beat_Kind.DROP_IN, due],
      [Beat_Kind.BREAK_DUTY, due],
      [Beat_Kind.GATE_END, due],
    ]);
    expect(nextUp(marks, '08:30')).toBe(Beat_Kind.GATE_START);
    expect(nextUp(marks, '10:45')).toBe(Beat_Kind.BREAK_DUTY);
    expect(nextUp(marks, '11:30')).toBe(Beat_Kind.DROP_IN);
    expect(nextUp(marks, '15:10')).toBe(Beat_Kind.GATE_END);
    expect(nextUp(marks, '20:00')).toBeUndefined();
    marks.set(Beat_Kind.BREAK_DUTY, { ...due, waiting: true });
    expect(nextUp(marks, '10:45')).toBe(Beat_Kind.DROP_IN);
  });

  it('tallies the week without days on which nothing was due', () => {
    const mark = (status: Beat_Status, waiting = false): Mark => ({ status, count: 0, waiting });
    expect(weekTally([mark(Beat_Status.HELD), mark(Beat_Status.MISSED), mark(Beat_Status.NOT_DUE), mark(Beat_Status.DUE, true)])).toEqual({
      kept: 2,
      of: 3,
    });
    expect(weekTally([mark(Beat_Status.NOT_DUE)])).toEqual({ kept: 0, of: 0 });
  });

  it('carries yesterday’s answer over to today without yesterday’s records', () => {
    expect(carryOver(day, TODAY)).toBe(day);
    const tomorrow = carryOver(day, '2026-11-25');
    expect(tomorrow.dropIns).toEqual([]);
    expect(tomorrow.classes).toHaveLength(2);
    expect(tomorrow.beats).toHaveLength(2);
    expect(carryOver(day, '2026-12-01').beats).toEqual([]);
  });
});
