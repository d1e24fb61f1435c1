import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { RecordRead_Kind, RecordReadSchema } from '../gen/fivestrand/audit/v1/audit_pb';
import { instantOf, toTimestamp } from './dates';
import { readerName, readLines, sayRead } from './reads';

const NOW = instantOf('2026-11-24', '16:00');
const read = (reader: string, day: string, clock: string, kind = RecordRead_Kind.READ) =>
  create(RecordReadSchema, { reader, kind, readTime: toTimestamp(instantOf(day, clock)) });

describe('who read a record', () => {
  it('puts the same reader several times in a row on one line', () => {
    const lines = readLines([read('a', '2026-11-24', '10:00'), read('a', '2026-11-23', '09:00'), read('b', '2026-11-20', '08:00'), read('a', '2026-11-19', '08:00')], NOW);
    expect(lines.map(({ reader, times, when }) => [reader, times, when])).toEqual([
      ['a', 2, '10:00'],
      ['b', 1, 'Fri 20 Nov 08:00'],
      ['a', 1, 'Thu 19 Nov 08:00'],
    ]);
    expect(new Set(lines.map(({ key }) => key)).size).toBe(3);
  });

  it('keeps an emergency and a change on lines of their own', () => {
    const lines = readLines([read('a', '2026-11-24', '10:00'), read('a', '2026-11-24', '09:00', RecordRead_Kind.EMERGENCY), read('a', '2026-11-23', '09:00', RecordRead_Kind.CHANGE)], NOW);
    expect(lines.map((line) => sayRead(line, 'Ada'))).toEqual(['Ada read it, 10:00', 'Ada opened it in an emergency, 09:00', 'Ada changed it, yesterday 09:00']);
    const twice = readLines([read('a', '2026-11-24', '10:00'), read('a', '2026-11-24', '09:00')], NOW);
    expect(sayRead(twice[0]!, 'Ada')).toBe('Ada read it, 2 times, last 10:00');
  });

  it('says so where nobody is named', () => {
    const nameOf = (person: string) => person.toUpperCase();
    expect(readerName('', nameOf)).toBe('Somebody who is not named here');
    expect(readerName('trusts/t/people/ada', nameOf)).toBe('TRUSTS/T/PEOPLE/ADA');
    expect(readerName('services/welfare', nameOf)).toBe('The system itself');
  });
});
