import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { Visit_FollowUpSchema, Visit_State, VisitSchema, type Visit } from '../gen/fivestrand/leadership/v1/visibility_pb';
import { toProtoDate } from './dates';
import { bySchool, openFollowUps, past, planned, undecided } from './visits';

const NOW = new Date('2026-11-24T10:00:00Z');
const [NORTH, HILL, EAST] = ['northgate', 'hillside', 'eastfield'].map((id) => `trusts/t/schools/${id}`) as [string, string, string];
const ME = 'trusts/t/people/me';

function visit(
  school: string,
  id: string,
  start: string,
  state: Visit_State,
  leader = ME,
  followUps: MessageInitShape<typeof Visit_FollowUpSchema>[] = [],
): Visit {
  return create(VisitSchema, {
    name: `${school}/visits/${id}`,
    leader,
    startTime: timestampFromDate(new Date(start)),
    state,
    purpose: 'x',
    followUps,
  });
}

const visits = [
  visit(NORTH, 'a', '2026-11-20T09:00:00Z', Visit_State.MADE),
  visit(NORTH, 'b', '2026-10-01T09:00:00Z', Visit_State.MADE),
  visit(NORTH, 'c', '2026-12-01T09:00:00Z', Visit_State.PLANNED),
  visit(HILL, 'd', '2026-11-01T09:00:00Z', Visit_State.MADE, 'trusts/t/people/other'),
  visit(HILL, 'e', '2026-11-23T09:00:00Z', Visit_State.CANCELLED),
  visit(HILL, 'f', '2026-11-23T09:00:00Z', Visit_State.PLANNED),
  visit(HILL, 'g', '2026-11-22T09:00:00Z', Visit_State.PLANNED, 'trusts/t/people/other'),
];
const ids = (list: Visit[]) => list.map(({ name }) => name.at(-1));

describe('visits', () => {
  it('put the school that has waited longest first, and one that was never visited before all', () => {
    const schools = bySchool([NORTH, HILL, EAST], visits, NOW);
    expect(schools.map(({ school, days }) => [school, days])).toEqual([
      [EAST, undefined],
      [HILL, 23],
      [NORTH, 4],
    ]);
    expect(schools[2]?.next?.name).toBe(`${NORTH}/visits/c`);
    expect(schools[1]?.last?.name).toBe(`${HILL}/visits/d`);
  });

  it('ask only the visitor whether a planned visit took place', () => {
    expect(ids(undecided(visits, ME, NOW))).toEqual(['f']);
    expect(ids(planned(visits, undecided(visits, ME, NOW)))).toEqual(['g', 'c']);
    expect(ids(past(visits))).toEqual(['e', 'a', 'd', 'b']);
  });

  it('keep what was agreed until it is done, the earliest due first', () => {
    const agreed = visit(NORTH, 'h', '2026-11-02T09:00:00Z', Visit_State.MADE, ME, [
      { action: 'undated' },
      { action: 'late', dueDate: toProtoDate('2026-11-10') },
      { action: 'done', dueDate: toProtoDate('2026-11-01'), doneDate: toProtoDate('2026-11-05') },
      { action: 'later', dueDate: toProtoDate('2026-12-10') },
    ]);
    const dropped = visit(NORTH, 'i', '2026-11-02T09:00:00Z', Visit_State.CANCELLED, ME, [{ action: 'called off' }]);
    expect(openFollowUps([dropped, agreed]).map(({ followUp, index }) => [followUp.action, index])).toEqual([
      ['late', 1],
      ['later', 3],
      ['undated', 0],
    ]);
  });
});
