import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { PupilGroup, YearGroup } from '../gen/fivestrand/type/v1/school_pb';
import { ComparisonSchema, ThreadEffectSchema } from '../gen/fivestrand/leadership/v1/improvement_service_pb';
import { oncePerSeries, sayComparison } from './effects';

const effect = (concern: string, scope: string, fields: { yearGroup?: YearGroup; group?: PupilGroup } = {}) =>
  create(ThreadEffectSchema, {
    concern,
    measure: { measure: 'outcomes.at-expected' },
    cut: { subject: 'maths', ...fields },
    readings: scope ? [{ scope }] : [],
  });

describe('effects', () => {
  it('are shown once for each series', () => {
    const effects = [
      effect('one', 'north', { yearGroup: YearGroup.YEAR_GROUP_2 }),
      effect('two', 'north', { yearGroup: YearGroup.YEAR_GROUP_2 }),
      effect('three', 'south', { yearGroup: YearGroup.YEAR_GROUP_2 }),
      effect('four', 'north', { yearGroup: YearGroup.YEAR_GROUP_3 }),
      effect('five', 'north', { yearGroup: YearGroup.YEAR_GROUP_2, group: PupilGroup.SEND }),
      effect('six', ''),
      effect('seven', ''),
    ];
    expect(oncePerSeries(effects).map(({ concern }) => concern)).toEqual(['one', 'three', 'four', 'five', 'six', 'seven']);
  });
});

describe('beside similar pupils', () => {
  const say = (difference: number, lower: number, upper: number) =>
    sayComparison(create(ComparisonSchema, { difference, lower, upper, concerned: 181n, compared: 228n }));
  it('says that no difference can be told when the interval holds none', () => {
    const words = say(-0.0204, -0.0696, 0.0288);
    expect(words.finding).toMatch(/^No difference can be told/);
    expect(words.figures).toBe('The thread’s pupils changed by 0.02 less, in points of the scale; 95 % interval 0.07 less to 0.03 more. 181 pupils beside 228.');
  });
  it('says which way it goes when it does not', () => {
    expect(say(0.4, 0.1, 0.7).finding).toMatch(/^Results rose more, or fell less/);
    expect(say(-3.24, -4, -2.5).finding).toMatch(/^Results rose less, or fell more/);
    expect(say(-3.24, -4, -2.5).figures).toContain('3.2 less');
    expect(say(0.001, -0.001, 0.004).figures).toContain('interval 0 to 0');
  });
  it('says that there are too few', () => {
    expect(sayComparison(create(ComparisonSchema, { tooFew: true })).finding).toMatch(/too few to say/);
    expect(sayComparison(create(ComparisonSchema, {})).finding).toMatch(/too few to say/);
  });
});
