import { describe, expect, it } from 'vitest';
import {
  academicYearStart,
  addDays,
  clockOf,
  dayOf,
  daysBetween,
  fromProtoDate,
  instantOf,
  mondayOf,
  sayAgo,
  sayDay,
  sayDayAndWeek,
  saySpan,
  sayWhen,
  toProtoDate,
} from './dates';

describe('days in London', () => {
  it('are London’s, not the device’s', () => {
    expect(dayOf(new Date('2026-07-14T23:30:00Z'))).toBe('2026-07-15');
    expect(dayOf(new Date('2026-12-14T23:30:00Z'))).toBe('2026-12-14');
    expect(clockOf(new Date('2026-07-14T08:05:00Z'))).toBe('09:05');
    expect(clockOf(new Date('2026-12-14T08:05:00Z'))).toBe('08:05');
    expect(clockOf(new Date('2026-12-14T00:05:00Z'))).toBe('00:05');
  });

  it.each([
    ['2026-12-01', '08:40', '2026-12-01T08:40:00.000Z'],
    ['2026-07-01', '08:40', '2026-07-01T07:40:00.000Z'],
    // The clocks go forward on 29 March 2026 at 01:00 and back on 25 October 2026 at 02:00.
    ['2026-03-29', '00:30', '2026-03-29T00:30:00.000Z'],
    ['2026-03-29', '02:30', '2026-03-29T01:30:00.000Z'],
    ['2026-10-25', '00:30', '2026-10-24T23:30:00.000Z'],
    ['2026-10-25', '03:00', '2026-10-25T03:00:00.000Z'],
    ['2026-07-01', '00:00', '2026-06-30T23:00:00.000Z'],
  ])('%s %s is %s', (day, clock, instant) => {
    expect(instantOf(day, clock).toISOString()).toBe(instant);
  });

  it('are counted across changes of the clock and of the year', () => {
    expect(addDays('2026-03-28', 2)).toBe('2026-03-30');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(daysBetween('2026-10-24', '2026-10-26')).toBe(2);
    expect(mondayOf('2026-11-29')).toBe('2026-11-23');
    expect(mondayOf('2026-11-23')).toBe('2026-11-23');
    expect(academicYearStart('2026-08-31')).toBe('2025-09-01');
    expect(academicYearStart('2026-09-01')).toBe('2026-09-01');
  });

  it('go to the contract and back', () => {
    expect(fromProtoDate(toProtoDate('2026-09-01'))).toBe('2026-09-01');
    expect(fromProtoDate(undefined)).toBeUndefined();
  });
});

describe('dates as people say them', () => {
  const now = '2026-11-24';
  it('name the day, and the week when there is one', () => {
    expect(sayDay('2026-10-01', now)).toBe('Thu 1 Oct');
    expect(sayDay('2026-09-03', now)).toBe('Thu 3 Sep');
    expect(sayDayAndWeek('2026-10-01', 5, now)).toBe('Thu 1 Oct, week 5');
    expect(sayDayAndWeek('2026-10-28', 0, now)).toBe('Wed 28 Oct');
  });
  it('name the year of another academic year', () => {
    expect(sayDay('2026-07-01', now)).toBe('Wed 1 Jul 2026');
    expect(sayDay('2027-01-05', now)).toBe('Tue 5 Jan');
  });
  it('say how long ago', () => {
    expect([
      sayAgo(now, now),
      sayAgo('2026-11-23', now),
      sayAgo('2026-11-12', now),
      sayAgo('2026-11-25', now),
      sayAgo('2026-11-27', now),
    ]).toEqual(['today', 'yesterday', '12 days ago', 'tomorrow', 'in 3 days']);
  });
  it('say when', () => {
    const at = new Date('2026-11-24T12:00:00Z');
    expect(sayWhen(new Date('2026-11-24T10:42:00Z'), at)).toBe('10:42');
    expect(sayWhen(new Date('2026-11-23T10:42:00Z'), at)).toBe('yesterday 10:42');
    expect(sayWhen(new Date('2026-10-01T09:42:00Z'), at)).toBe('Thu 1 Oct 10:42');
    expect(saySpan('2026-11-02', '2026-11-06', now)).toBe('Mon 2 Nov to Fri 6 Nov');
  });
});
