// An event of a course: opened for booking, or changed after that.
import { create } from '@bufbuild/protobuf';
import { Button, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newRequestId } from '../../api/ids';
import { useSession } from '../../app/auth';
import { usePeople } from '../../app/queries';
import { useClient } from '../../app/services';
import { CpdEventSchema, type CpdEvent } from '../../gen/fivestrand/cpd/v1/learning_pb';
import { LearningService } from '../../gen/fivestrand/cpd/v1/learning_service_pb';
import { clockOf, dayOf, instantOf, toInstant, toTimestamp } from '../../model/dates';
import { areComplete, dateFields, eventDates, nextDate, type DateFields } from '../../model/learning';
import { useAction } from '../../ui/action';
import { Form } from '../../ui/form';
import { PersonPicker } from '../../ui/people-picker';
import { useCourses } from './queries';

const MOST_DATES = 20;

// When `event` is given it is changed; `taken` places can then not be taken away.
export function EventForm({ event, taken = 0, waiting = 0, onDone }: { event?: CpdEvent; taken?: number; waiting?: number; onDone: () => void }) {
  const session = useSession();
  const client = useClient(LearningService);
  const queries = useQueryClient();
  const people = usePeople();
  const courses = useCourses();
  const { run, busy, problem } = useAction();
  const closes = toInstant(event?.bookingCloseTime);
  const closesAtStart = !closes || closes.getTime() === toInstant(event?.startTime)?.getTime();
  const [course, setCourse] = useState('');
  const [title, setTitle] = useState(event?.title ?? '');
  const [dates, setDates] = useState<DateFields[]>(event ? dateFields(event) : [nextDate([])]);
  const [seats, setSeats] = useState<number | string>(event?.seats ?? 20);
  const [cost, setCost] = useState<number | string>(event ? Number(event.costPence) / 100 : 0);
  const [leader, setLeader] = useState(event ? event.leader : session.person);
  const [closeDay, setCloseDay] = useState(closesAtStart ? '' : dayOf(closes));
  const [closeClock, setCloseClock] = useState(closesAtStart ? '12:00' : clockOf(closes));
  const change = (index: number, fields: Partial<DateFields>) => setDates(dates.map((date, at) => (at === index ? { ...date, ...fields } : date)));
  const chosen = course || courses.data?.[0]?.name || '';
  const complete = areComplete(dates) && Number(seats) >= 1 && (event ? title.trim() : chosen);
  const save = () =>
    run(async () => {
      const fields = {
        leader,
        seats: Number(seats),
        costPence: BigInt(Math.round(Number(cost) * 100)),
        dates: eventDates(dates),
        bookingCloseTime: closeDay ? toTimestamp(instantOf(closeDay, closeClock || '00:00')) : undefined,
      };
      if (event) {
        await client.updateCpdEvent({
          cpdEvent: create(CpdEventSchema, { name: event.name, etag: event.etag, title: title.trim(), ...fields }),
          updateMask: { paths: ['title', 'leader', 'seats', 'cost_pence', 'dates', 'booking_close_time'] },
          requestId: newRequestId(),
        });
      } else {
        await client.createCpdEvent({ parent: session.trust, cpdEvent: create(CpdEventSchema, { course: chosen, ...fields }), requestId: newRequestId() });
      }
      await Promise.all(['events', 'event-names', 'event-bookings'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
      onDone();
    });
  return (
    <Form
      onSubmit={() => {
        if (complete) void save();
      }}
    >
      {problem}
      {event ? (
        <TextInput label="Title" maxLength={160} value={title} onChange={(input) => setTitle(input.currentTarget.value)} />
      ) : (
        <NativeSelect
          label="Course"
          description={courses.data?.length === 0 ? 'The catalogue is empty: add a course first.' : undefined}
          value={chosen}
          data={(courses.data ?? []).map(({ name, title: label }) => ({ value: name, label }))}
          onChange={(input) => setCourse(input.currentTarget.value)}
        />
      )}
      {dates.map((date, index) => (
        <fieldset key={index} className="form">
          <legend>Date {index + 1}</legend>
          <TextInput label="Day" type="date" value={date.day} onChange={(input) => change(index, { day: input.currentTarget.value })} />
          <div className="form-pair">
            <TextInput label="From" type="time" value={date.from} onChange={(input) => change(index, { from: input.currentTarget.value })} />
            <TextInput
              label="To"
              type="time"
              value={date.to}
              error={date.from && date.to && date.to <= date.from ? 'Must be after the beginning' : undefined}
              onChange={(input) => change(index, { to: input.currentTarget.value })}
            />
          </div>
          <TextInput label="Place" maxLength={200} value={date.place} onChange={(input) => change(index, { place: input.currentTarget.value })} />
          {dates.length > 1 && (
            <Button variant="default" onClick={() => setDates(dates.filter((_, at) => at !== index))}>
              Take date {index + 1} out
            </Button>
          )}
        </fieldset>
      ))}
      <Button variant="default" onClick={() => setDates([...dates, nextDate(dates)])} disabled={dates.length >= MOST_DATES}>
        Another date
      </Button>
      <div className="form-pair">
        <NumberInput
          label="Places"
          description={event ? `${taken} taken${waiting > 0 ? `, ${waiting} waiting` : ''}` : undefined}
          min={1}
          max={1000}
          value={seats}
          onChange={setSeats}
        />
        <NumberInput label="Cost of a place, £" description={event ? 'Of places booked too' : undefined} min={0} max={100000} decimalScale={2} value={cost} onChange={setCost} />
      </div>
      <PersonPicker label="Led by" people={people} value={leader} onChange={setLeader} />
      <div className="form-pair">
        <TextInput label="Booking until" description="Empty: until it begins" type="date" value={closeDay} onChange={(input) => setCloseDay(input.currentTarget.value)} />
        {closeDay && <TextInput label="At" description="On that day" type="time" value={closeClock} onChange={(input) => setCloseClock(input.currentTarget.value)} />}
      </div>
      {event && (
        <p className="who-reads">
          Whoever has a place or waits sees new dates and places at once in the list of courses. A calendar that has the event is told when the file is opened again. More places go to those who wait longest.
        </p>
      )}
      <Button type="submit" loading={busy} disabled={!complete}>
        {event ? 'Keep it' : 'Open for booking'}
      </Button>
    </Form>
  );
}
