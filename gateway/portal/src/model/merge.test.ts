import { describe, expect, it } from 'vitest';
import { bothTexts, changedFields, merge } from './merge';

const base = { wentWell: 'Calm start', evenBetterIf: '', groups: [1], focus: 'a' };

describe('merging two people’s changes', () => {
  it('takes both when they touch different fields', () => {
    const merged = merge<Record<string, unknown>>(base, { ...base, wentWell: 'Mine' }, { ...base, evenBetterIf: 'Theirs' });
    expect(merged.value).toEqual({ ...base, wentWell: 'Mine', evenBetterIf: 'Theirs' });
    expect(merged.conflicts).toEqual([]);
    expect(merged.taken).toEqual(['evenBetterIf']);
  });

  it('asks where both changed the same field, and loses neither text', () => {
    const merged = merge<Record<string, unknown>>(base, { ...base, wentWell: 'Mine' }, { ...base, wentWell: 'Theirs' });
    expect(merged.conflicts).toEqual([{ field: 'wentWell', mine: 'Mine', theirs: 'Theirs' }]);
    expect(merged.value.wentWell).toBe('Mine');
  });

  it('does not ask when both made the same change, or changed nothing', () => {
    expect(merge<Record<string, unknown>>(base, { ...base, groups: [1, 2] }, { ...base, groups: [1, 2] }).conflicts).toEqual([]);
    expect(merge<Record<string, unknown>>(base, { ...base, groups: [1] }, { ...base, groups: [1] }).taken).toEqual([]);
  });

  it('lists what changed, by value and not by identity', () => {
    expect(changedFields<Record<string, unknown>>(base, { ...base, groups: [1] })).toEqual([]);
    expect(changedFields<Record<string, unknown>>(base, { ...base, groups: [], focus: 'b' })).toEqual(['groups', 'focus']);
  });

  it('puts two texts together without repeating one', () => {
    expect(bothTexts('Mine', 'Theirs')).toBe('Theirs\n\nMine');
    expect(bothTexts('', 'Theirs')).toBe('Theirs');
    expect(bothTexts('Theirs and more', 'Theirs')).toBe('Theirs and more');
    expect(bothTexts('Calm', 'Calm and bright')).toBe('Calm and bright');
  });
});
