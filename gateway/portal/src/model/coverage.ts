// Coverage arranged for reading: a row a class in a primary school; a row a year group where each class has one subject, because a table of
// a hundred teaching groups with one cell each shows nothing.
import type { Coverage } from '../gen/fivestrand/leadership/v1/visibility_service_pb';
import { YearGroup } from '../gen/fivestrand/type/v1/school_pb';
import { toInstant } from './dates';
import { sayYearGroup } from './words';

export type CoverageRows = 'classes' | 'years';

export interface CoverageCell {
  count: number;
  seenAt?: Date;
  // Classes behind the cell, and how many of them were seen.
  classes: number;
  classesSeen: number;
}

export interface CoverageRow {
  key: string;
  label: string;
  hint: string;
  total: number;
  // By subject; a subject that is not taught has none.
  cells: Map<string, CoverageCell>;
  // Condition on drop-ins, for the records behind the row.
  filter: string;
}

export function bestRows(coverage: Coverage): CoverageRows {
  const single = coverage.classes.filter((entry) => entry.subjects.length === 1).length;
  return single > coverage.classes.length / 2 ? 'years' : 'classes';
}

export function rowsOf(coverage: Coverage, by: CoverageRows, nameOf: (person: string) => string): CoverageRow[] {
  const rows = new Map<string, CoverageRow>();
  const rowOfClass = new Map<string, CoverageRow>();
  for (const entry of coverage.classes) {
    const key = by === 'classes' ? entry.schoolClass : String(entry.yearGroup);
    const row = rows.get(key) ?? {
      key,
      label: by === 'classes' ? entry.displayName : sayYearGroup(entry.yearGroup),
      hint: by === 'classes' ? entry.teachers.slice(0, 1).map(nameOf).join('') : '',
      total: 0,
      cells: new Map(),
      filter: by === 'classes' ? `school_class = ${JSON.stringify(entry.schoolClass)}` : `year_group = ${YearGroup[entry.yearGroup]}`,
    };
    row.total += entry.dropInCount;
    rows.set(key, row);
    rowOfClass.set(entry.schoolClass, row);
  }
  for (const cell of coverage.cells) {
    const row = rowOfClass.get(cell.schoolClass);
    if (!row) continue;
    const sum = row.cells.get(cell.subject) ?? { count: 0, classes: 0, classesSeen: 0 };
    const seenAt = toInstant(cell.lastSeenTime);
    sum.count += cell.dropInCount;
    sum.classes += 1;
    if (cell.dropInCount > 0) sum.classesSeen += 1;
    if (seenAt && (!sum.seenAt || seenAt > sum.seenAt)) sum.seenAt = seenAt;
    row.cells.set(cell.subject, sum);
  }
  return [...rows.values()];
}
