import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { Direction, MeasureSchema, NoValueReason, ReadingSchema, Unit } from '../gen/fivestrand/evidence/v1/evidence_pb';
import { chartKind, compareValues, pointsOf } from './measures';
import { NO_VALUE, sayParts, sayTarget, sayValue } from './words';

const reading = (value: number | undefined) => create(ReadingSchema, { value });
const points = (...values: (number | undefined)[]) => pointsOf(values.map(reading), '2026-11-24');

describe('figures', () => {
  it('carry their unit', () => {
    expect(sayValue(0.824, Unit.SHARE)).toBe('82 %');
    expect(sayValue(1, Unit.DAYS)).toBe('1 day');
    expect(sayValue(12, Unit.SCHOOL_DAYS)).toBe('12 school days');
    expect(sayValue(3, Unit.COUNT)).toBe('3');
  });

  it('say what a share is made of, and nothing when there is no figure', () => {
    expect(sayParts(create(ReadingSchema, { value: 0.8, numerator: 4, denominator: 5 }), Unit.SHARE)).toBe('4 of 5');
    expect(sayParts(create(ReadingSchema, { numerator: 0, denominator: 0 }), Unit.SHARE)).toBe('');
  });

  it('say which way the target lies', () => {
    expect(sayTarget(create(MeasureSchema, { unit: Unit.SHARE, target: 0.9, direction: Direction.HIGHER_IS_BETTER }))).toBe(
      'Target: at least 90 %',
    );
    expect(sayTarget(create(MeasureSchema, { unit: Unit.DAYS, target: 14, direction: Direction.LOWER_IS_BETTER }))).toBe(
      'Target: at most 14 days',
    );
  });

  it('that are hidden say why, each differently', () => {
    const reasons = Object.values(NoValueReason).filter((value): value is NoValueReason => typeof value === 'number');
    expect(new Set(reasons.map((reason) => NO_VALUE[reason].title)).size).toBe(reasons.length);
    expect(new Set(reasons.map((reason) => NO_VALUE[reason].advice)).size).toBe(reasons.length);
  });

  it('are drawn without a line when they are few', () => {
    const days = create(MeasureSchema, { unit: Unit.DAYS });
    expect(chartKind(days, points(1, 2, undefined, 3))).toBe('points');
    expect(chartKind(days, points(1, 2, 3, 4))).toBe('line');
    expect(chartKind(create(MeasureSchema, { unit: Unit.SHARE }), points(1, 2, 3, 4))).toBe('bar');
  });

  it('sort with those that are hidden last, either way', () => {
    const values = [2, undefined, 1];
    expect([...values].sort((a, b) => compareValues(a, b, true))).toEqual([1, 2, undefined]);
    expect([3, ...values].sort((a, b) => compareValues(a, b, false)).slice(0, 3)).toEqual([3, 2, 1]);
  });
});
