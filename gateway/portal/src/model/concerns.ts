// Concerns and threads, arranged for reading.
import { Concern_State, type Concern } from '../gen/fivestrand/leadership/v1/improvement_pb';
import type { ThreadResponse, ThreadTimeline } from '../gen/fivestrand/leadership/v1/improvement_service_pb';
import { addDays, fromProtoDate, dayOf, toInstant, type Day } from './dates';

const OPEN: Concern_State[] = [Concern_State.RAISED, Concern_State.ACKNOWLEDGED, Concern_State.IN_THREAD];

export function isOpen(concern: Concern): boolean {
  return OPEN.includes(concern.state);
}

// What nobody has seen yet comes first, and of these the oldest.
export function sortConcerns(concerns: Concern[]): Concern[] {
  const time = (concern: Concern) => toInstant(concern.raiseTime)?.getTime() ?? 0;
  return [...concerns].sort((a, b) => a.state - b.state || time(a) - time(b));
}

export interface Bar {
  response: ThreadResponse;
  from: Day;
  to: Day;
  // Not begun yet, or still going on.
  planned: boolean;
  open: boolean;
}

export interface Lane {
  strand: string;
  bars: Bar[];
}

// The responses as lanes by strand, each from its start to its end or today. A planned one is a point at its day.
export function lanesOf(responses: ThreadResponse[], now: Day): Lane[] {
  const lanes = new Map<string, Bar[]>();
  for (const response of responses) {
    const started = fromProtoDate(response.startDate);
    const from = started ?? fromProtoDate(response.plannedDate);
    if (!from) continue;
    const done = fromProtoDate(response.doneDate);
    const planned = !started || started > now;
    const to = done ?? (planned || response.withdrawn ? from : now);
    const lane = lanes.get(response.strand) ?? [];
    lane.push({ response, from, to: to < from ? from : to, planned, open: !done && !planned && !response.withdrawn });
    lanes.set(response.strand, lane);
  }
  return [...lanes].map(([strand, bars]) => ({ strand, bars: bars.sort((a, b) => a.from.localeCompare(b.from)) }));
}

// First and last day of a thread's picture, with a week of room on each side.
export function spanOf(timeline: ThreadTimeline, lanes: Lane[], now: Day): { from: Day; to: Day } {
  const days: Day[] = [now];
  for (const { signalDate, raiseTime } of timeline.concerns) {
    const signal = fromProtoDate(signalDate);
    if (signal) days.push(signal);
    const raised = toInstant(raiseTime);
    if (raised) days.push(dayOf(raised));
  }
  for (const { bars } of lanes) for (const { from, to } of bars) days.push(from, to);
  for (const { readings } of timeline.effects) {
    for (const { period } of readings) {
      const end = fromProtoDate(period?.endDate);
      if (end) days.push(end);
    }
  }
  days.sort();
  return { from: addDays(days[0] ?? now, -7), to: addDays(days.at(-1) ?? now, 7) };
}
