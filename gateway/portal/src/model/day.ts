// A leader's day as it is shown: what the service says, with what is recorded on this device and not yet sent.
import { create } from '@bufbuild/protobuf';
import { CalendarDay_Kind, type CalendarDay } from '../gen/fivestrand/leadership/v1/calendar_pb';
import { Duty_Kind, type DropIn, type Duty, type ModelledLesson } from '../gen/fivestrand/leadership/v1/visibility_pb';
import {
  Beat_Kind,
  Beat_Status,
  LeaderDaySchema,
  type ClassLastSeen,
  type LeaderDay,
} from '../gen/fivestrand/leadership/v1/visibility_service_pb';
import type { OutboxItem } from '../offline/item';
import { dayOf, fromProtoDate, mondayOf, toInstant, type Day } from './dates';

// The daily commitments in the order of the bell, with the clock time at which each comes up and is usually over.
export const STRIP: { kind: Beat_Kind; duty?: Duty_Kind; from: string; until: string; usual: string }[] = [
  { kind: Beat_Kind.GATE_START, duty: Duty_Kind.GATE_START, from: '07:30', until: '09:15', usual: '08:40' },
  { kind: Beat_Kind.DROP_IN, from: '09:00', until: '15:00', usual: '09:45' },
  { kind: Beat_Kind.BREAK_DUTY, duty: Duty_Kind.BREAK, from: '10:15', until: '11:15', usual: '10:40' },
  { kind: Beat_Kind.GATE_END, duty: Duty_Kind.GATE_END, from: '14:45', until: '17:00', usual: '15:20' },
];

export function beatOfDuty(kind: Duty_Kind): Beat_Kind {
  return STRIP.find((entry) => entry.duty === kind)?.kind ?? Beat_Kind.KIND_UNSPECIFIED;
}

export interface Mark {
  status: Beat_Status;
  count: number;
  // Recorded on this device and not acknowledged yet.
  waiting: boolean;
}

const NONE: Mark = { status: Beat_Status.STATUS_UNSPECIFIED, count: 0, waiting: false };

// The mark of a commitment on a day, counting what waits in the outbox.
export function markOf(day: LeaderDay | undefined, kind: Beat_Kind, date: Day, outbox: OutboxItem[]): Mark {
  const beat = day?.beats.find((candidate) => candidate.kind === kind && fromProtoDate(candidate.date) === date);
  const mark: Mark = beat ? { status: beat.status, count: beat.count, waiting: false } : { ...NONE };
  const waiting = waitingRecords(outbox).filter((item) => beatOf(item) === kind && dayOfItem(item) === date).length;
  if (waiting === 0) return mark;
  return { status: mark.status, count: mark.count + waiting, waiting: mark.status !== Beat_Status.HELD };
}

// Records that were made on this device, that the server has not acknowledged, and that nobody has taken back since.
export function waitingRecords(outbox: OutboxItem[]): OutboxItem[] {
  return outbox.filter((item) => item.action === 'create' && item.state === 'waiting' && !isTakenBack(item, outbox));
}

function isTakenBack(item: OutboxItem, outbox: OutboxItem[]): boolean {
  let taken = false;
  let last = item;
  for (let next = following(last, outbox); next; next = following(last, outbox)) {
    if (next.action === 'delete') taken = true;
    if (next.action === 'undelete') taken = false;
    last = next;
  }
  return taken;
}

function following(item: OutboxItem, outbox: OutboxItem[]): OutboxItem | undefined {
  return outbox.find((other) => other.after === item.id);
}

// Names of records that are removed on this device, whether or not the server knows yet.
export function removedNames(outbox: OutboxItem[]): Set<string> {
  const removed = new Set<string>();
  const nameOf = (item: OutboxItem): string | undefined => {
    if (item.result?.name) return item.result.name;
    if (item.name) return item.name;
    const before = outbox.find((other) => other.id === item.after);
    return before && nameOf(before);
  };
  for (const item of outbox) {
    const name = nameOf(item);
    if (!name) continue;
    if (item.action === 'delete' && item.state !== 'refused') removed.add(name);
    if (item.action === 'undelete' && item.state !== 'refused') removed.delete(name);
  }
  return removed;
}

export function beatOf(item: OutboxItem): Beat_Kind {
  if (item.type === 'dropIn') return Beat_Kind.DROP_IN;
  if (item.type === 'modelledLesson') return Beat_Kind.MODELLED_LESSON;
  if (item.type !== 'duty') return Beat_Kind.KIND_UNSPECIFIED;
  const kind = Duty_Kind[item.record.kind as keyof typeof Duty_Kind];
  return beatOfDuty(kind ?? Duty_Kind.KIND_UNSPECIFIED);
}

export function dayOfItem(item: OutboxItem): Day | undefined {
  const time = item.record.startTime;
  return typeof time === 'string' ? dayOf(new Date(time)) : undefined;
}

// What the strip points at: the first commitment of the clock that is still due.
export function nextUp(marks: Map<Beat_Kind, Mark>, clock: string): Beat_Kind | undefined {
  const open = STRIP.filter(({ kind }) => {
    const mark = marks.get(kind);
    return mark !== undefined && mark.status === Beat_Status.DUE && !mark.waiting;
  });
  const now = open.filter((entry) => entry.from <= clock && clock < entry.until);
  // The shortest window first: a break passes, a drop-in can still be made later.
  const byWindow = [...now].sort((a, b) => a.until.localeCompare(b.until));
  return (byWindow[0] ?? open.find((entry) => clock < entry.until))?.kind;
}

// The marks of one commitment over the week: how many days it was kept of those that are decided or due.
export function weekTally(marks: Mark[]): { kept: number; of: number } {
  let kept = 0;
  let of = 0;
  for (const { status, waiting } of marks) {
    if (status === Beat_Status.HELD || waiting) kept += 1;
    if (status === Beat_Status.HELD || status === Beat_Status.MISSED || status === Beat_Status.DUE || waiting) of += 1;
  }
  return { kept, of };
}

// Yesterday's answer, used today while there is no network: the classes and focuses hold, the records of that day do not.
export function carryOver(kept: LeaderDay, today: Day): LeaderDay {
  if (fromProtoDate(kept.day?.date) === today) return kept;
  const sameWeek = mondayOf(fromProtoDate(kept.day?.date) ?? today) === mondayOf(today);
  return create(LeaderDaySchema, {
    day: sameWeek ? kept.week.find((day) => fromProtoDate(day.date) === today) : undefined,
    week: sameWeek ? kept.week : [],
    beats: sameWeek ? kept.beats : [],
    classes: kept.classes,
    focuses: kept.focuses,
  });
}

export function isSchoolDay(day: CalendarDay | undefined): boolean {
  return day?.kind === CalendarDay_Kind.SCHOOL_DAY;
}

// Classes, least lately seen first, with drop-ins that wait on this device counted as seen.
export function orderClasses(classes: ClassLastSeen[], outbox: OutboxItem[]): (ClassLastSeen & { seenAt?: Date })[] {
  const waiting = new Map<string, Date>();
  for (const item of waitingRecords(outbox)) {
    const { schoolClass, startTime } = item.record;
    if (item.type === 'dropIn' && typeof schoolClass === 'string' && typeof startTime === 'string')
      waiting.set(schoolClass, new Date(startTime));
  }
  return classes
    .map((entry) => {
      const server = toInstant(entry.lastSeenTime);
      const device = waiting.get(entry.schoolClass);
      return { ...entry, seenAt: device && (!server || device > server) ? device : server };
    })
    .map((entry, index) => ({ entry, index }))
    .sort((a, b) => (a.entry.seenAt?.getTime() ?? 0) - (b.entry.seenAt?.getTime() ?? 0) || a.index - b.index)
    .map(({ entry }) => entry);
}

export type DayRecord =
  | { type: 'dropIn'; record: DropIn; at: Date }
  | { type: 'duty'; record: Duty; at: Date }
  | { type: 'modelledLesson'; record: ModelledLesson; at: Date };

// Records of all kinds in one list, newest first, without those that are removed on this device.
export function recordsOf(
  lists: { dropIns: DropIn[]; duties: Duty[]; modelledLessons: ModelledLesson[] } | undefined,
  removed: Set<string>,
): DayRecord[] {
  if (!lists) return [];
  const at = (record: DropIn | Duty | ModelledLesson) => toInstant(record.startTime) ?? new Date(0);
  return [
    ...lists.dropIns.map((record): DayRecord => ({ type: 'dropIn', record, at: at(record) })),
    ...lists.duties.map((record): DayRecord => ({ type: 'duty', record, at: at(record) })),
    ...lists.modelledLessons.map((record): DayRecord => ({ type: 'modelledLesson', record, at: at(record) })),
  ]
    .filter(({ record }) => !removed.has(record.name) && !record.deleteTime)
    .sort((a, b) => b.at.getTime() - a.at.getTime());
}
