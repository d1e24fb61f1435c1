// Visits arranged for those who make them: what is next, which school has waited longest, what was agreed and is open.
import { Visit_State, type Visit, type Visit_FollowUp } from '../gen/fivestrand/leadership/v1/visibility_pb';
import { schoolOf } from '../api/names';
import { dayOf, daysBetween, fromProtoDate, toInstant, type Day } from './dates';

export interface SchoolVisits {
  school: string;
  last?: Visit;
  // Days since the last visit that was made; undefined when none was made in the time that was asked for.
  days?: number;
  next?: Visit;
}

const startOf = (visit: Visit) => toInstant(visit.startTime)?.getTime() ?? 0;

// Longest unvisited first.
export function bySchool(schools: string[], visits: Visit[], now: Date): SchoolVisits[] {
  return schools
    .map((school): SchoolVisits => {
      const own = visits.filter((visit) => schoolOf(visit.name) === school).sort((a, b) => startOf(b) - startOf(a));
      const last = own.find((visit) => visit.state === Visit_State.MADE && startOf(visit) <= now.getTime());
      const next = own.filter((visit) => visit.state === Visit_State.PLANNED && startOf(visit) > now.getTime()).at(-1);
      return { school, last, next, days: last && daysBetween(dayOf(new Date(startOf(last))), dayOf(now)) };
    })
    .sort((a, b) => (b.days ?? Infinity) - (a.days ?? Infinity) || a.school.localeCompare(b.school));
}

export interface OpenFollowUp {
  visit: Visit;
  index: number;
  followUp: Visit_FollowUp;
  due?: Day;
}

// What was agreed and is not done, the earliest due first, those without a date last.
export function openFollowUps(visits: Visit[]): OpenFollowUp[] {
  return visits
    .filter((visit) => visit.state !== Visit_State.CANCELLED)
    .flatMap((visit) => visit.followUps.map((followUp, index) => ({ visit, index, followUp, due: fromProtoDate(followUp.dueDate) })))
    .filter(({ followUp }) => !followUp.doneDate)
    .sort((a, b) => (a.due ?? '9999').localeCompare(b.due ?? '9999') || startOf(b.visit) - startOf(a.visit));
}

// A person's planned visits whose time has passed: they have to say whether these took place.
export function undecided(visits: Visit[], person: string, now: Date): Visit[] {
  return visits
    .filter((visit) => visit.leader === person && visit.state === Visit_State.PLANNED && startOf(visit) <= now.getTime())
    .sort((a, b) => startOf(a) - startOf(b));
}

export function planned(visits: Visit[], asked: Visit[]): Visit[] {
  return visits.filter((visit) => visit.state === Visit_State.PLANNED && !asked.includes(visit)).sort((a, b) => startOf(a) - startOf(b));
}

export function past(visits: Visit[]): Visit[] {
  return visits.filter((visit) => visit.state !== Visit_State.PLANNED).sort((a, b) => startOf(b) - startOf(a));
}
