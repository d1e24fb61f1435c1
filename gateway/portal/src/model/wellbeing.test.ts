import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { LineManagementSchema } from '../gen/fivestrand/leadership/v1/people_pb';
import { PulseSurvey_State, PulseSurveySchema } from '../gen/fivestrand/welfare/v1/pulse_pb';
import { PulseResults_FigureSchema, PulseResults_ScopeSchema } from '../gen/fivestrand/welfare/v1/pulse_service_pb';
import { FollowUp_State, FollowUpSchema } from '../gen/fivestrand/welfare/v1/welfare_pb';
import { toProtoDate, toTimestamp } from './dates';
import { byDue, isOverdue, reportsOn, responseRate, sayChange, stageOf, whyHeldBack } from './wellbeing';

const promise = (name: string, day: string, state = FollowUp_State.OPEN) => create(FollowUpSchema, { name, dueDate: toProtoDate(day), state });

describe('promises', () => {
  it('puts what is due soonest on top, and what is over last, newest first', () => {
    const sorted = byDue([
      promise('old', '2026-09-01', FollowUp_State.DONE),
      promise('later', '2026-12-01'),
      promise('done', '2026-11-01', FollowUp_State.DONE),
      promise('soon', '2026-11-20'),
    ]);
    expect(sorted.map(({ name }) => name)).toEqual(['soon', 'later', 'done', 'old']);
  });

  it('is overdue from the day after, while it is open', () => {
    expect(isOverdue(promise('a', '2026-11-20'), '2026-11-20')).toBe(false);
    expect(isOverdue(promise('a', '2026-11-20'), '2026-11-21')).toBe(true);
    expect(isOverdue(promise('a', '2026-11-20', FollowUp_State.DONE), '2026-11-21')).toBe(false);
  });
});

describe('whom somebody line-manages', () => {
  it('counts those of the day, each once', () => {
    const managed = (report: string, from: string, to?: string) => create(LineManagementSchema, { report, startDate: toProtoDate(from), endDate: to ? toProtoDate(to) : undefined });
    const all = [managed('now', '2025-09-01'), managed('now', '2026-09-01'), managed('past', '2025-09-01', '2026-08-31'), managed('ahead', '2027-01-01'), managed('last day', '2026-01-01', '2026-11-24')];
    expect(reportsOn(all, '2026-11-24')).toEqual(['now', 'last day']);
  });
});

describe('the stage of a pulse', () => {
  const now = new Date('2026-11-24T12:00:00Z');
  const survey = (open: string, close: string, state = PulseSurvey_State.SCHEDULED) =>
    create(PulseSurveySchema, { openTime: toTimestamp(new Date(open)), closeTime: toTimestamp(new Date(close)), state });
  it.each([
    ['planned', survey('2026-11-25T07:00:00Z', '2026-12-01T18:00:00Z')],
    ['open', survey('2026-11-24T12:00:00Z', '2026-12-01T18:00:00Z')],
    ['closing', survey('2026-11-01T07:00:00Z', '2026-11-24T12:00:00Z')],
    ['closed', survey('2026-11-01T07:00:00Z', '2026-12-01T12:00:00Z', PulseSurvey_State.CLOSED)],
    ['cancelled', survey('2026-11-25T07:00:00Z', '2026-12-01T12:00:00Z', PulseSurvey_State.CANCELLED)],
  ])('%s', (stage, one) => expect(stageOf(one, now)).toBe(stage));
});

describe('figures of a pulse', () => {
  const scope = (invited?: number, answered?: number, figures = 0) =>
    create(PulseResults_ScopeSchema, { invited, answered, figures: Array.from({ length: figures }, () => create(PulseResults_FigureSchema)) });
  it('says why one is held back', () => {
    expect(whyHeldBack(scope(), 10)).toMatch(/^fewer than 10 invited/);
    expect(whyHeldBack(scope(30, 9), 10)).toBe('fewer than 10 answers');
    expect(whyHeldBack(scope(30, 12), 10)).toMatch(/would tell of a school/);
  });

  it('gives a rate only where both numbers are told', () => {
    expect(responseRate({ invited: 40, answered: 30 })).toBe(75);
    expect(responseRate({ invited: 40 })).toBeUndefined();
    expect(responseRate({ invited: 0, answered: 0 })).toBeUndefined();
  });

  it.each([
    [4, '+4'],
    [-3, '−3'],
    [0, 'the same'],
  ])('says a change of %d', (points, said) => expect(sayChange(points)).toBe(said));
});
