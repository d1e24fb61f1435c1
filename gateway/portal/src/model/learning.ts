// What the learning screens work out from records. Pure.
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { Attendance_Presence, Booking_State, type Booking, type CpdEvent, type Evaluation } from '../gen/fivestrand/cpd/v1/learning_pb';
import { addDays, clockOf, dayOf, instantOf, toInstant, toTimestamp, today, type Day } from './dates';

export const BOOKING_WORDS: Record<Booking_State, string> = {
  [Booking_State.STATE_UNSPECIFIED]: '',
  [Booking_State.BOOKED]: 'Has a place',
  [Booking_State.WAITING]: 'On the waiting list',
  [Booking_State.CANCELLED]: 'Given up',
  [Booking_State.ATTENDED]: 'Attended',
  [Booking_State.ABSENT]: 'Absent',
};

const money = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'GBP' });
const tenths = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });

export function sayPence(pence: bigint | number): string {
  return money.format(Number(pence) / 100);
}

export function sayHours(minutes: number): string {
  const hours = minutes / 60;
  return `${tenths.format(hours)} ${tenths.format(hours) === '1' ? 'hour' : 'hours'}`;
}

// One date of an event as it stands in a form.
export interface DateFields {
  dateId: string;
  day: Day;
  from: string;
  to: string;
  place: string;
}

export function dateFields(event: CpdEvent): DateFields[] {
  return event.dates.map(({ dateId, startTime, endTime, place }) => {
    const start = toInstant(startTime) ?? new Date(0);
    return { dateId, day: dayOf(start), from: clockOf(start), to: clockOf(toInstant(endTime) ?? start), place };
  });
}

// A further date: a week after the last, at the same place and time.
export function nextDate(dates: DateFields[]): DateFields {
  const last = dates.at(-1);
  return last ? { ...last, dateId: '', day: addDays(last.day || today(), 7) } : { dateId: '', day: addDays(today(), 14), from: '15:45', to: '17:15', place: '' };
}

export function areComplete(dates: DateFields[]): boolean {
  return dates.length > 0 && dates.every(({ day, from, to }) => day && from && to && from < to);
}

// In the order of time, as the service wants them.
export function eventDates(dates: DateFields[]) {
  return [...dates]
    .sort((a, b) => `${a.day} ${a.from}`.localeCompare(`${b.day} ${b.from}`))
    .map(({ dateId, day, from, to, place }) => ({
      dateId,
      startTime: toTimestamp(instantOf(day, from)),
      endTime: toTimestamp(instantOf(day, to)),
      place: place.trim(),
    }));
}

export interface EventSums {
  taken: Booking[];
  waiting: Booking[];
  givenUp: Booking[];
  // Of all places that are taken.
  costPence: number;
  // Attended in all.
  minutes: number;
}

const hasPlace = ({ state }: Booking) => state === Booking_State.BOOKED || state === Booking_State.ATTENDED || state === Booking_State.ABSENT;

export function sumsOf(bookings: Booking[]): EventSums {
  const taken = bookings.filter(hasPlace);
  return {
    taken,
    waiting: bookings.filter(({ state }) => state === Booking_State.WAITING),
    givenUp: bookings.filter(({ state }) => state === Booking_State.CANCELLED),
    costPence: taken.reduce((sum, { costPence }) => sum + Number(costPence), 0),
    minutes: taken.reduce((sum, { attendedMinutes }) => sum + attendedMinutes, 0),
  };
}

// Who was absent on a date as it is recorded; undefined for a booking whose attendance was not recorded.
export function recordedAbsent(booking: Booking, dateId: string): boolean | undefined {
  const entry = booking.attendance.find((one) => one.dateId === dateId);
  return entry && entry.presence === Attendance_Presence.ABSENT;
}

// The mean of what was rated from 1 to 5; undefined when nobody rated it. Nothing said is 0.
export function meanOf(evaluations: Evaluation[], level: 'reaction' | 'learning' | 'useInPractice'): number | undefined {
  const said = evaluations.map((evaluation) => evaluation[level]).filter((value) => value > 0);
  if (said.length === 0) return undefined;
  return Math.round((said.reduce((sum, value) => sum + value, 0) / said.length) * 10) / 10;
}

// Whether a time of an event has come; false for one that has none.
export function hasCome(time: Timestamp | undefined, now: Date): boolean {
  const instant = toInstant(time);
  return instant !== undefined && instant <= now;
}

// How far something is used in practice can be said from two weeks after the last date.
export function mayRateUse(booking: Booking, now: Date): boolean {
  const end = toInstant(booking.eventEndTime);
  return end !== undefined && now.getTime() >= end.getTime() + 14 * 86_400_000;
}
