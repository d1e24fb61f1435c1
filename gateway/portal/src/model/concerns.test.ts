import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { Concern_State, ConcernSchema } from '../gen/fivestrand/leadership/v1/improvement_pb';
import { ThreadResponseSchema, ThreadTimelineSchema } from '../gen/fivestrand/leadership/v1/improvement_service_pb';
import { instantOf, toProtoDate, toTimestamp } from './dates';
import { isOpen, lanesOf, sortConcerns, spanOf } from './concerns';

const NOW = '2026-11-24';

function response(fields: { strand?: string; planned?: string; start?: string; done?: string; withdrawn?: boolean }) {
  return create(ThreadResponseSchema, {
    strand: fields.strand ?? 'care',
    plannedDate: fields.planned ? toProtoDate(fields.planned) : undefined,
    startDate: fields.start ? toProtoDate(fields.start) : undefined,
    doneDate: fields.done ? toProtoDate(fields.done) : undefined,
    withdrawn: fields.withdrawn ?? false,
  });
}

describe('concerns', () => {
  it('are open until they are dismissed or end by themselves', () => {
    const open = (state: Concern_State) => isOpen(create(ConcernSchema, { state }));
    expect([Concern_State.RAISED, Concern_State.ACKNOWLEDGED, Concern_State.IN_THREAD].every(open)).toBe(true);
    expect([Concern_State.DISMISSED, Concern_State.RESOLVED_ITSELF].some(open)).toBe(false);
  });

  it('come unseen first, the oldest on top', () => {
    const concern = (name: string, state: Concern_State, day: string) =>
      create(ConcernSchema, { name, state, raiseTime: toTimestamp(instantOf(day, '09:00')) });
    const sorted = sortConcerns([
      concern('seen', Concern_State.ACKNOWLEDGED, '2026-10-01'),
      concern('new', Concern_State.RAISED, '2026-11-20'),
      concern('old', Concern_State.RAISED, '2026-11-02'),
    ]);
    expect(sorted.map(({ name }) => name)).toEqual(['old', 'new', 'seen']);
  });
});

describe('the lanes of a thread', () => {
  it('run from the start to the end, or to today while they go on', () => {
    const [lane] = lanesOf([response({ start: '2026-11-02', done: '2026-11-09' }), response({ start: '2026-10-01' })], NOW);
    expect(lane?.bars.map(({ from, to, open }) => [from, to, open])).toEqual([
      ['2026-10-01', NOW, true],
      ['2026-11-02', '2026-11-09', false],
    ]);
  });

  it('show what is planned as a point, not as a response', () => {
    const [lane] = lanesOf([response({ planned: '2026-12-03' }), response({ start: '2026-12-10' })], NOW);
    expect(lane?.bars.map(({ from, to, planned }) => [from, to, planned])).toEqual([
      ['2026-12-03', '2026-12-03', true],
      ['2026-12-10', '2026-12-10', true],
    ]);
  });

  it('leave the trace of what was withdrawn', () => {
    const [lane] = lanesOf([response({ start: '2026-11-02', withdrawn: true })], NOW);
    expect(lane?.bars[0]).toMatchObject({ from: '2026-11-02', to: '2026-11-02', open: false });
  });

  it('are drawn over a span that holds the signal, the answers and today', () => {
    const timeline = create(ThreadTimelineSchema, { concerns: [{ signalDate: toProtoDate('2026-09-30') }] });
    const lanes = lanesOf([response({ planned: '2026-12-20' })], NOW);
    expect(spanOf(timeline, lanes, NOW)).toEqual({ from: '2026-09-23', to: '2026-12-27' });
  });
});
