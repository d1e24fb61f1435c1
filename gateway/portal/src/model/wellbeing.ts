// What the wellbeing screens work out from records. Pure.
import type { LineManagement } from '../gen/fivestrand/leadership/v1/people_pb';
import { PulseSurvey_State, type PulseSurvey } from '../gen/fivestrand/welfare/v1/pulse_pb';
import type { PulseResults_Scope } from '../gen/fivestrand/welfare/v1/pulse_service_pb';
import { FollowUp_State, type FollowUp } from '../gen/fivestrand/welfare/v1/welfare_pb';
import { fromProtoDate, toInstant, type Day } from './dates';

// Who reports to the manager of these on that day.
export function reportsOn(managements: LineManagement[], day: Day): string[] {
  const now = managements.filter(({ startDate, endDate }) => (fromProtoDate(startDate) ?? day) <= day && (fromProtoDate(endDate) ?? day) >= day);
  return [...new Set(now.map(({ report }) => report))];
}

// Open promises first, what is due soonest on top; what is over after them, newest first.
export function byDue(followUps: FollowUp[]): FollowUp[] {
  const due = (followUp: FollowUp) => fromProtoDate(followUp.dueDate) ?? '';
  const open = followUps.filter(({ state }) => state === FollowUp_State.OPEN).sort((a, b) => due(a).localeCompare(due(b)));
  const over = followUps.filter(({ state }) => state !== FollowUp_State.OPEN).sort((a, b) => due(b).localeCompare(due(a)));
  return [...open, ...over];
}

export function isOverdue(followUp: FollowUp, day: Day): boolean {
  return followUp.state === FollowUp_State.OPEN && (fromProtoDate(followUp.dueDate) ?? day) < day;
}

export const DEFAULT_GROUP = 10;

export type PulseStage = 'planned' | 'open' | 'closing' | 'closed' | 'cancelled';

// A survey whose time has passed closes by itself a little later: until then it is neither open nor has it figures.
export function stageOf(survey: PulseSurvey, now: Date): PulseStage {
  if (survey.state === PulseSurvey_State.CANCELLED) return 'cancelled';
  if (survey.state === PulseSurvey_State.CLOSED) return 'closed';
  if ((toInstant(survey.openTime) ?? now) > now) return 'planned';
  return (toInstant(survey.closeTime) ?? now) > now ? 'open' : 'closing';
}

// No figure is made over fewer answers than this.
export function smallestGroup(survey: PulseSurvey): number {
  return survey.minGroupSize || DEFAULT_GROUP;
}

// Why a figure of a scope is not told. `least` is the survey's smallest group.
export function whyHeldBack(scope: PulseResults_Scope, least: number): string {
  if (scope.invited === undefined) return `fewer than ${least} invited, or it would tell of a school with so few`;
  if ((scope.answered ?? 0) < least) return `fewer than ${least} answers`;
  return `it would tell of a school with fewer than ${least} answers`;
}

// Share of the invited who answered, as a whole percentage; undefined where it is not told.
export function responseRate(scope: { invited?: number; answered?: number }): number | undefined {
  if (scope.answered === undefined || !scope.invited) return undefined;
  return Math.round((scope.answered / scope.invited) * 100);
}

// `+4`, `−3`, `the same`.
export function sayChange(points: number): string {
  if (points === 0) return 'the same';
  return `${points > 0 ? '+' : '−'}${Math.abs(points)}`;
}
