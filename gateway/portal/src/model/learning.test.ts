import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { Attendance_Presence, Booking_State, BookingSchema, CpdEventSchema, EvaluationSchema } from '../gen/fivestrand/cpd/v1/learning_pb';
import { instantOf, toTimestamp } from './dates';
import { areComplete, dateFields, eventDates, hasCome, mayRateUse, meanOf, nextDate, recordedAbsent, sayHours, sayPence, sumsOf } from './learning';

const first = { dateId: '1', day: '2026-12-01', from: '15:45', to: '17:15', place: ' Hall ' };
const second = { dateId: '', day: '2026-11-24', from: '09:00', to: '10:00', place: '' };

describe('dates of an event', () => {
  it('go through a form and come back, ids and all', () => {
    const event = create(CpdEventSchema, { dates: eventDates([{ ...first, place: 'Hall' }]) });
    expect(dateFields(event)).toEqual([{ ...first, place: 'Hall' }]);
  });

  it('are sent in the order of time', () => {
    const sent = eventDates([first, second]);
    expect(sent.map(({ dateId }) => dateId)).toEqual(['', '1']);
    expect(sent[1]?.place).toBe('Hall');
    expect(sent[1]?.startTime).toEqual(toTimestamp(instantOf('2026-12-01', '15:45')));
  });

  it('a further one is a week later and new', () => {
    expect(nextDate([first])).toEqual({ ...first, dateId: '', day: '2026-12-08' });
  });

  it('end after they begin', () => {
    expect(areComplete([first])).toBe(true);
    expect(areComplete([{ ...first, to: '15:45' }])).toBe(false);
    expect(areComplete([])).toBe(false);
  });
});

describe('bookings of an event', () => {
  const booking = (state: Booking_State, attendedMinutes = 0) => create(BookingSchema, { state, costPence: 1250n, attendedMinutes });
  it('costs and hours are of those who have a place', () => {
    const sums = sumsOf([booking(Booking_State.ATTENDED, 90), booking(Booking_State.ABSENT), booking(Booking_State.BOOKED), booking(Booking_State.WAITING), booking(Booking_State.CANCELLED)]);
    expect([sums.taken.length, sums.waiting.length, sums.givenUp.length]).toEqual([3, 1, 1]);
    expect(sums.costPence).toBe(3750);
    expect(sums.minutes).toBe(90);
  });

  it('tells recorded from not recorded', () => {
    const kept = create(BookingSchema, { attendance: [{ dateId: '1', presence: Attendance_Presence.ABSENT }, { dateId: '2', presence: Attendance_Presence.PRESENT }] });
    expect([recordedAbsent(kept, '1'), recordedAbsent(kept, '2'), recordedAbsent(kept, '3')]).toEqual([true, false, undefined]);
  });

  it('a time has come from its own instant on', () => {
    const noon = new Date('2026-11-24T12:00:00Z');
    expect([hasCome(toTimestamp(noon), noon), hasCome(toTimestamp(noon), new Date('2026-11-24T11:59:59Z')), hasCome(undefined, noon)]).toEqual([true, false, false]);
  });

  it('use in practice can be rated from two weeks after the end', () => {
    const one = create(BookingSchema, { eventEndTime: toTimestamp(new Date('2026-11-10T16:00:00Z')) });
    expect(mayRateUse(one, new Date('2026-11-24T15:59:59Z'))).toBe(false);
    expect(mayRateUse(one, new Date('2026-11-24T16:00:00Z'))).toBe(true);
  });
});

describe('in words', () => {
  it('means leave out what was not said', () => {
    const said = [5, 4, 0].map((reaction) => create(EvaluationSchema, { reaction }));
    expect(meanOf(said, 'reaction')).toBe(4.5);
    expect(meanOf(said, 'learning')).toBeUndefined();
  });

  it('hours and money', () => {
    expect([sayHours(60), sayHours(90), sayHours(0)]).toEqual(['1 hour', '1.5 hours', '0 hours']);
    expect([sayPence(1250n), sayPence(0)]).toEqual(['£12.50', '£0.00']);
  });
});
