// Assessment windows: what state one is in, what is wrong with one, and next year's from this year's.
import { create } from '@bufbuild/protobuf';
import {
  AssessmentWindow_Entry as Entry,
  AssessmentWindow_Kind as Kind,
  AssessmentWindowSchema,
  type AssessedSubject,
  type AssessmentWindow,
  type Framework,
  type Scale,
} from '../gen/fivestrand/assessment/v1/framework_pb';
import type { YearGroup } from '../gen/fivestrand/type/v1/school_pb';
import { academicYearStart, addDays, fromProtoDate, toProtoDate, type Day } from './dates';
import { newestVersions } from './scales';
import { sayYearGroup } from './words';

export const KIND_WORDS: Record<Kind, string> = {
  [Kind.KIND_UNSPECIFIED]: '',
  [Kind.BASELINE]: 'Baseline',
  [Kind.IN_YEAR]: 'In year',
  [Kind.STATUTORY]: 'Statutory',
  [Kind.MOCK]: 'Mock',
};

// What a form about a window holds.
export interface WindowDraft {
  displayName: string;
  kind: Kind;
  start: Day;
  end: Day;
}

// One of a year that is being planned.
export interface PlannedWindow extends WindowDraft {
  // The window that it follows; resource name.
  from: string;
  chosen: boolean;
}

export type WindowState = 'planned' | 'open' | 'late' | 'closed';

export function stateOf(window: AssessmentWindow, now: Day): WindowState {
  if (window.entry === Entry.CLOSED) return 'closed';
  if ((fromProtoDate(window.startDate) ?? now) > now) return 'planned';
  return (fromProtoDate(window.endDate) ?? now) < now ? 'late' : 'open';
}

export const STATE_WORDS: Record<WindowState, string> = {
  planned: 'not begun',
  open: 'open',
  late: 'past its last day, still takes results',
  closed: 'closed',
};

// The id of the academic year that a day lies in, such as `2026-27`.
export function yearIdOf(day: Day): string {
  const start = Number(academicYearStart(day).slice(0, 4));
  return `${start}-${String((start + 1) % 100).padStart(2, '0')}`;
}

export function yearAfter(id: string): string {
  return yearIdOf(`${Number(id.slice(0, 4)) + 1}-09-01`);
}

// First and last day.
export function daysOfYear(id: string): { first: Day; last: Day } {
  const start = Number(id.slice(0, 4));
  return { first: `${start}-09-01`, last: `${start + 1}-08-31` };
}

export function sayYear(id: string): string {
  return id.replace('-', '/');
}

// The same weekday a year later: 52 weeks, or 53 where 52 would fall before the year begins.
export function aYearLater(day: Day): Day {
  const later = addDays(day, 364);
  return later < daysOfYear(yearAfter(yearIdOf(day))).first ? addDays(day, 371) : later;
}

export function draftOf(window: AssessmentWindow): WindowDraft {
  return {
    displayName: window.displayName,
    kind: window.kind,
    start: fromProtoDate(window.startDate) ?? '',
    end: fromProtoDate(window.endDate) ?? '',
  };
}

// The windows of a year as a plan for the year after, in order of time. One that is there already, by its name, is left out at first.
export function planAfter(windows: AssessmentWindow[], year: string): PlannedWindow[] {
  const after = yearAfter(year);
  const there = new Set(windows.filter(({ academicYear }) => academicYear === after).map(({ displayName }) => displayName));
  return windows
    .filter(({ academicYear }) => academicYear === year)
    .map((window) => {
      const draft = draftOf(window);
      return { ...draft, start: aYearLater(draft.start), end: aYearLater(draft.end), from: window.name, chosen: !there.has(draft.displayName) };
    })
    .sort((a, b) => a.start.localeCompare(b.start) || a.displayName.localeCompare(b.displayName));
}

// What is wrong, by field; empty when nothing is. The service has the last word.
export function faultsOf(draft: WindowDraft, year: string): Partial<Record<keyof WindowDraft, string>> {
  const faults: Partial<Record<keyof WindowDraft, string>> = {};
  const { first, last } = daysOfYear(year);
  const within = (day: Day) => day >= first && day <= last;
  if (!draft.displayName.trim()) faults.displayName = 'Give it a name';
  if (!draft.start || !within(draft.start)) faults.start = `Choose a day of ${sayYear(year)}`;
  if (!draft.end || !within(draft.end)) faults.end = `Choose a day of ${sayYear(year)}`;
  else if (draft.start && draft.end < draft.start) faults.end = 'Must not be before the first day';
  return faults;
}

// A window of the plan, as it is sent: what its model assessed, on the newest versions of the scales.
export function windowOf(planned: PlannedWindow, year: string, windows: AssessmentWindow[], scales: Scale[]): AssessmentWindow {
  const model = windows.find(({ name }) => name === planned.from);
  const newest = newestVersions(scales);
  return create(AssessmentWindowSchema, {
    displayName: planned.displayName.trim(),
    kind: planned.kind,
    academicYear: year,
    startDate: toProtoDate(planned.start),
    endDate: toProtoDate(planned.end),
    entry: Entry.OPEN,
    frameworks: model?.frameworks ?? [],
    subjects: (model?.subjects ?? []).map((line) => ({ ...line, scale: newest.get(line.scale)?.name ?? line.scale })),
  });
}

// Year groups in words, those that follow one another together: `Reception to Year 2, Year 6`. Empty means every one.
export function sayYearGroups(years: YearGroup[]): string {
  if (years.length === 0) return 'all';
  const runs: [YearGroup, YearGroup][] = [];
  for (const year of [...years].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && year <= last[1] + 1) last[1] = year;
    else runs.push([year, year]);
  }
  return runs.map(([from, to]) => (from === to ? sayYearGroup(from) : to === from + 1 ? `${sayYearGroup(from)}, ${sayYearGroup(to)}` : `${sayYearGroup(from)} to ${sayYearGroup(to)}`)).join(', ');
}

// What the frameworks assess together, each subject and scale once.
export function subjectsOf(frameworks: Framework[]): AssessedSubject[] {
  const lines = new Map<string, AssessedSubject>();
  for (const framework of frameworks) {
    for (const line of framework.subjects) {
      const key = `${line.subject} ${line.scale}`;
      const before = lines.get(key);
      if (!before) lines.set(key, { ...line, yearGroups: [...line.yearGroups] });
      // No year groups means every one.
      else before.yearGroups = before.yearGroups.length && line.yearGroups.length ? [...new Set([...before.yearGroups, ...line.yearGroups])] : [];
    }
  }
  return [...lines.values()];
}
