import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { CoverageSchema } from '../gen/fivestrand/leadership/v1/visibility_service_pb';
import { YearGroup } from '../gen/fivestrand/type/v1/school_pb';
import { bestRows, rowsOf } from './coverage';

const at = (day: string) => timestampFromDate(new Date(`${day}T10:00:00Z`));
const secondary = create(CoverageSchema, {
  classes: [
    { schoolClass: '7/Ma1', displayName: '7/Ma1', yearGroup: YearGroup.YEAR_GROUP_7, subjects: ['maths'], teachers: ['p'], dropInCount: 3 },
    { schoolClass: '7/Ma2', displayName: '7/Ma2', yearGroup: YearGroup.YEAR_GROUP_7, subjects: ['maths'], dropInCount: 0 },
    { schoolClass: '8/En1', displayName: '8/En1', yearGroup: YearGroup.YEAR_GROUP_8, subjects: ['english'], dropInCount: 1 },
  ],
  cells: [
    { schoolClass: '7/Ma1', subject: 'maths', dropInCount: 2, lastSeenTime: at('2026-11-20') },
    { schoolClass: '7/Ma2', subject: 'maths', dropInCount: 0 },
    { schoolClass: '8/En1', subject: 'english', dropInCount: 1, lastSeenTime: at('2026-11-02') },
  ],
});

describe('coverage', () => {
  it('puts a school of teaching groups by year, and a primary school by class', () => {
    expect(bestRows(secondary)).toBe('years');
    expect(bestRows(create(CoverageSchema, { classes: [{ subjects: ['maths', 'english'] }, { subjects: ['maths'] }] }))).toBe('classes');
  });

  it('sums the classes of a year and says how many of them were seen', () => {
    const [seven, eight] = rowsOf(secondary, 'years', (name) => name);
    expect(seven?.label).toBe('Year 7');
    expect(seven?.filter).toBe('year_group = YEAR_GROUP_7');
    expect(seven?.cells.get('maths')).toEqual({ count: 2, classes: 2, classesSeen: 1, seenAt: new Date('2026-11-20T10:00:00Z') });
    expect(eight?.cells.has('maths')).toBe(false);
  });

  it('counts drop-ins without a subject in the row and in no cell', () => {
    const [first] = rowsOf(secondary, 'classes', () => 'Ms Patel');
    expect(first?.total).toBe(3);
    expect(first?.hint).toBe('Ms Patel');
    expect(first?.cells.get('maths')?.count).toBe(2);
    expect(first?.filter).toBe('school_class = "7/Ma1"');
  });
});
