// Dates as people say them, and the arithmetic of school days. All days are days in London, wherever the phone thinks it is.
import { create } from '@bufbuild/protobuf';
import { timestampDate, timestampFromDate, type Timestamp } from '@bufbuild/protobuf/wkt';
import { DateSchema, type Date as ProtoDate } from '../gen/google/type/date_pb';

// A day as `2026-10-03`: sorts, compares and serves as a key.
export type Day = string;

const ZONE = 'Europe/London';
const MS_PER_DAY = 86_400_000;

const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const shortDay = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short' });
const shortDayYear = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});
const weekdayOnly = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', weekday: 'short' });

function londonParts(instant: Date): Record<string, string> {
  return Object.fromEntries(parts.formatToParts(instant).map((part) => [part.type, part.value]));
}

export function dayOf(instant: Date): Day {
  const { year, month, day } = londonParts(instant);
  return `${year}-${month}-${day}`;
}

export function clockOf(instant: Date): string {
  const { hour, minute } = londonParts(instant);
  return `${hour}:${minute}`;
}

export function today(now = new Date()): Day {
  return dayOf(now);
}

export function fromProtoDate(date: ProtoDate | undefined): Day | undefined {
  if (!date || date.year === 0) return undefined;
  return `${String(date.year).padStart(4, '0')}-${String(date.month).padStart(2, '0')}-${String(date.day).padStart(2, '0')}`;
}

export function toProtoDate(day: Day): ProtoDate {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  return create(DateSchema, { year, month, day: date });
}

// Midnight UTC of a day: only for arithmetic and for formatting in UTC.
function utc(day: Day): Date {
  return new Date(`${day}T00:00:00Z`);
}

export function addDays(day: Day, days: number): Day {
  return new Date(utc(day).getTime() + days * MS_PER_DAY).toISOString().slice(0, 10);
}

export function daysBetween(from: Day, to: Day): number {
  return Math.round((utc(to).getTime() - utc(from).getTime()) / MS_PER_DAY);
}

export function mondayOf(day: Day): Day {
  return addDays(day, -((utc(day).getUTCDay() + 6) % 7));
}

// First day of the academic year that a day lies in.
export function academicYearStart(day: Day): Day {
  const year = Number(day.slice(0, 4));
  return `${day.slice(5) >= '09-01' ? year : year - 1}-09-01`;
}

// The instant at which London's clocks show `clock` on `day`. In the hour that the spring change skips, the one after it.
export function instantOf(day: Day, clock: string): Date {
  const wanted = new Date(`${day}T${clock}:00Z`).getTime();
  const shown = (instant: number) => {
    const { year, month, day: date, hour, minute, second } = londonParts(new Date(instant));
    return Date.UTC(Number(year), Number(month) - 1, Number(date), Number(hour), Number(minute), Number(second));
  };
  // London is at UTC or an hour ahead of it, so one of two guesses shows the wanted clock; neither does in the skipped hour.
  const ahead = wanted - 3_600_000;
  if (shown(ahead) === wanted) return new Date(ahead);
  return new Date(wanted);
}

export function toTimestamp(instant: Date): Timestamp {
  return timestampFromDate(instant);
}

export function toInstant(timestamp: Timestamp | undefined): Date | undefined {
  return timestamp ? timestampDate(timestamp) : undefined;
}

// `Thu 3 Oct`; with the year when it is not this academic year.
export function sayDay(day: Day, now = today()): string {
  const text = academicYearStart(day) === academicYearStart(now) ? shortDay.format(utc(day)) : shortDayYear.format(utc(day));
  return text.replace(',', '').replace('Sept', 'Sep');
}

// `Thu 3 Oct, week 5`.
export function sayDayAndWeek(day: Day, week: number, now = today()): string {
  return week > 0 ? `${sayDay(day, now)}, week ${week}` : sayDay(day, now);
}

export function sayWeekday(day: Day): string {
  return weekdayOnly.format(utc(day));
}

// `today`, `yesterday`, `12 days ago`, `tomorrow`, `in 3 days`.
export function sayAgo(day: Day, now = today()): string {
  const days = daysBetween(day, now);
  if (days === 0) return 'today';
  if (days === 1) return 'yesterday';
  if (days === -1) return 'tomorrow';
  return days > 0 ? `${days} days ago` : `in ${-days} days`;
}

// `10:42` today, `yesterday 10:42`, otherwise `Thu 3 Oct 10:42`.
export function sayWhen(instant: Date, now = new Date()): string {
  const days = daysBetween(dayOf(instant), dayOf(now));
  if (days === 0) return clockOf(instant);
  if (days === 1) return `yesterday ${clockOf(instant)}`;
  return `${sayDay(dayOf(instant), dayOf(now))} ${clockOf(instant)}`;
}

export function saySpan(from: Day, to: Day, now = today()): string {
  return from === to ? sayDay(from, now) : `${sayDay(from, now)} to ${sayDay(to, now)}`;
}
