import { create } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import {
  AssessmentWindow_Entry as Entry,
  AssessmentWindow_Kind as Kind,
  AssessmentWindowSchema,
  FrameworkSchema,
  ScaleSchema,
} from '../gen/fivestrand/assessment/v1/framework_pb';
import { YearGroup } from '../gen/fivestrand/type/v1/school_pb';
import { sayWeekday, toProtoDate } from './dates';
import { aYearLater, draftOf, faultsOf, planAfter, sayYearGroups, stateOf, subjectsOf, windowOf, yearAfter, yearIdOf } from './windows';

const scale = (id: string, version: number, supersedes = '') =>
  create(ScaleSchema, { name: `trusts/acorn/scales/${id}`, version, supersedes: supersedes && `trusts/acorn/scales/${supersedes}` });
const window = (id: string, start: string, end: string, year = '2025-26', entry = Entry.OPEN) =>
  create(AssessmentWindowSchema, {
    name: `trusts/acorn/assessmentWindows/${id}`,
    displayName: id,
    academicYear: year,
    kind: Kind.IN_YEAR,
    startDate: toProtoDate(start),
    endDate: toProtoDate(end),
    entry,
    frameworks: ['trusts/acorn/frameworks/core'],
    subjects: [{ subject: 'trusts/acorn/subjects/maths', scale: 'trusts/acorn/scales/one', yearGroups: [YearGroup.YEAR_GROUP_5] }],
  });

describe('years', () => {
  test('have ids, and one after another', () => {
    expect(yearIdOf('2026-08-31')).toBe('2025-26');
    expect(yearIdOf('2026-09-01')).toBe('2026-27');
    expect(yearAfter('2025-26')).toBe('2026-27');
    expect(yearAfter('1999-00')).toBe('2000-01');
    expect(yearAfter('2098-99')).toBe('2099-00');
  });
  test('a day a year later is the same weekday, in the year after', () => {
    for (const day of ['2025-09-01', '2025-09-02', '2025-11-03', '2026-02-09', '2026-08-31', '2027-09-01', '2028-02-29']) {
      const later = aYearLater(day);
      expect(sayWeekday(later)).toBe(sayWeekday(day));
      expect(yearIdOf(later)).toBe(yearAfter(yearIdOf(day)));
    }
  });
});

describe('a window', () => {
  test('has a state', () => {
    const open = window('autumn', '2025-11-03', '2025-11-14');
    expect(stateOf(open, '2025-11-02')).toBe('planned');
    expect(stateOf(open, '2025-11-14')).toBe('open');
    expect(stateOf(open, '2025-11-15')).toBe('late');
    expect(stateOf(window('autumn', '2025-11-03', '2025-11-14', '2025-26', Entry.CLOSED), '2025-11-05')).toBe('closed');
  });
  test('has its faults named by field', () => {
    const good = draftOf(window('autumn', '2025-11-03', '2025-11-14'));
    expect(faultsOf(good, '2025-26')).toEqual({});
    expect(Object.keys(faultsOf(good, '2026-27'))).toEqual(['start', 'end']);
    expect(Object.keys(faultsOf({ ...good, end: '2025-11-02', displayName: ' ' }, '2025-26'))).toEqual(['displayName', 'end']);
    expect(Object.keys(faultsOf({ ...good, start: '' }, '2025-26'))).toEqual(['start']);
  });
});

describe('a year planned from the one before', () => {
  const windows = [window('spring', '2026-02-02', '2026-02-13'), window('autumn', '2025-11-03', '2025-11-14'), window('older', '2024-11-04', '2024-11-15', '2024-25')];
  test('has its windows in order of time, and no others', () => {
    expect(planAfter(windows, '2025-26').map(({ displayName, start, end }) => [displayName, start, end])).toEqual([
      ['autumn', '2026-11-02', '2026-11-13'],
      ['spring', '2027-02-01', '2027-02-12'],
    ]);
  });
  test('assesses the same, on the newest versions', () => {
    const [autumn] = planAfter(windows, '2025-26');
    const scales = [scale('one', 1), scale('two', 2, 'one'), scale('three', 3, 'two'), scale('other', 1)];
    const made = windowOf({ ...autumn!, displayName: ' Autumn 1 ' }, '2026-27', windows, scales);
    expect(made.displayName).toBe('Autumn 1');
    expect(made.academicYear).toBe('2026-27');
    expect(made.name).toBe('');
    expect(made.frameworks).toEqual(['trusts/acorn/frameworks/core']);
    expect(made.subjects.map((line) => [line.subject, line.scale, line.yearGroups])).toEqual([['trusts/acorn/subjects/maths', 'trusts/acorn/scales/three', [YearGroup.YEAR_GROUP_5]]]);
  });
});

test('a window that is there already is left out of the plan', () => {
  const windows = [window('autumn', '2025-11-03', '2025-11-14'), window('spring', '2026-02-02', '2026-02-13'), window('autumn', '2026-11-09', '2026-11-20', '2026-27')];
  expect(planAfter(windows, '2025-26').map(({ displayName, chosen }) => [displayName, chosen])).toEqual([
    ['autumn', false],
    ['spring', true],
  ]);
});

test('year groups in words', () => {
  const { YEAR_GROUP_R: RECEPTION, YEAR_GROUP_1, YEAR_GROUP_2, YEAR_GROUP_5, YEAR_GROUP_6 } = YearGroup;
  expect(sayYearGroups([])).toBe('all');
  expect(sayYearGroups([YEAR_GROUP_6, YEAR_GROUP_2, RECEPTION, YEAR_GROUP_1])).toBe('Reception to Year 2, Year 6');
  expect(sayYearGroups([YEAR_GROUP_5, YEAR_GROUP_6])).toBe('Year 5, Year 6');
});

test('frameworks together name each subject and scale once', () => {
  const framework = (yearGroups: YearGroup[]) => create(FrameworkSchema, { subjects: [{ subject: 'maths', scale: 'one', yearGroups }] });
  expect(subjectsOf([framework([YearGroup.YEAR_GROUP_5]), framework([YearGroup.YEAR_GROUP_6])])[0]?.yearGroups).toEqual([YearGroup.YEAR_GROUP_5, YearGroup.YEAR_GROUP_6]);
  expect(subjectsOf([framework([YearGroup.YEAR_GROUP_5]), framework([])])[0]?.yearGroups).toEqual([]);
  expect(subjectsOf([])).toEqual([]);
});
