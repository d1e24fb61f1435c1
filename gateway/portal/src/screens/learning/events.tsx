// Courses that one can book, with the places that are left; one's own bookings, hours and evaluations; and the bookings of one's team.
import { create } from '@bufbuild/protobuf';
import { Button, NativeSelect, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newRequestId } from '../../api/ids';
import { idOf } from '../../api/names';
import { useSession } from '../../app/auth';
import { useAnsweredThread, useParam } from '../../app/hooks';
import { useThreads } from '../../app/improvement-queries';
import { nameIn, usePeople } from '../../app/queries';
import { useClient } from '../../app/services';
import { Booking_State, CpdEvent_State, EvaluationSchema, type Booking, type Evaluation } from '../../gen/fivestrand/cpd/v1/learning_pb';
import { LearningService, type OpenEvent } from '../../gen/fivestrand/cpd/v1/learning_service_pb';
import { ImprovementThread_State } from '../../gen/fivestrand/leadership/v1/improvement_pb';
import { clockOf, dayOf, sayDay, toInstant } from '../../model/dates';
import { BOOKING_WORDS, mayRateUse, sayHours, sayPence } from '../../model/learning';
import { mayReadConcerns } from '../../model/roles';
import { useAction } from '../../ui/action';
import { Form } from '../../ui/form';
import { Empty, Loading, PageHead, ProblemNote } from '../../ui/parts';
import { ListRow } from '../../ui/list-row';
import { Sheet } from '../../ui/sheet';
import { useToast } from '../../ui/toast';
import { EventDates } from './event-dates';
import { useCancelledBookings, useEventNames, useLearningRecord, useLedEvents, useOpenEvents, useOwnEvaluations, useTeamBookings } from './queries';
import { Register } from './register';

const OWN_WORDS = { ...BOOKING_WORDS, [Booking_State.BOOKED]: 'You have a place' };

export default function EventsScreen() {
  const events = useOpenEvents();
  const record = useLearningRecord();
  const sheet = useParam('event');
  const opened = events.data?.find(({ event }) => event && idOf(event.name) === sheet.value);
  const register = useParam('register');
  const led = useLedEvents().data ?? [];
  const kept = led.find(({ name }) => idOf(name) === register.value);
  return (
    <>
      <PageHead title="Professional learning">
        {record.data &&
          [`${sayHours(record.data.minutes)} this academic year`, `${record.data.attendedEvents} attended`, record.data.costPence > 0n && sayPence(record.data.costPence)].filter(Boolean).join(', ')}
      </PageHead>
      <div className="side-by-side">
        <section aria-labelledby="open-title">
          <h2 id="open-title" className="section-title">
            Open to book
          </h2>
          {events.isPending && <Loading lines={5} />}
          {events.isError && <ProblemNote error={events.error} onRetry={() => void events.refetch()} title="Courses" />}
          {events.data?.length === 0 && <Empty title="Nothing to book now">The CPD lead opens courses for booking.</Empty>}
          <ul className="record-list">
            {events.data?.map((entry) => (
              <EventRow key={entry.event?.name} entry={entry} onOpen={() => sheet.open(idOf(entry.event?.name ?? ''))} />
            ))}
          </ul>
        </section>
        <div>
          <OwnBookings bookings={record.data?.bookings ?? []} />
          {led.length > 0 && (
            <section aria-labelledby="led-title">
              <h2 id="led-title" className="section-title">
                Led by me
              </h2>
              <ul className="record-list">
                {led.map((event) => {
                  const start = toInstant(event.startTime);
                  return (
                    <ListRow key={event.name} title={event.title} onOpen={() => register.open(idOf(event.name))}>
                      {[start && `${sayDay(dayOf(start))} ${clockOf(start)}`, event.state === CpdEvent_State.CANCELLED ? 'called off' : 'register'].filter(Boolean).join(' · ')}
                    </ListRow>
                  );
                })}
              </ul>
            </section>
          )}
          <Team />
        </div>
      </div>
      <Sheet opened={opened !== undefined} onClose={sheet.close} title={opened?.event?.title ?? ''}>
        {opened && <EventDetail entry={opened} />}
      </Sheet>
      <Sheet opened={kept !== undefined} onClose={register.close} title={kept?.title ?? ''}>
        {kept && <Register event={kept} />}
      </Sheet>
    </>
  );
}

function EventRow({ entry, onOpen }: { entry: OpenEvent; onOpen: () => void }) {
  const { event, ownBooking } = entry;
  const start = toInstant(event?.startTime);
  const held = ownBooking && ownBooking.state !== Booking_State.CANCELLED;
  return (
    <ListRow title={event?.title} onOpen={onOpen}>
      {[
        start && `${sayDay(dayOf(start))} ${clockOf(start)}`,
        event?.dates[0]?.place,
        event && event.dates.length > 1 && `${event.dates.length} dates`,
        held ? OWN_WORDS[ownBooking.state] : entry.seatsLeft > 0 ? `${entry.seatsLeft} of ${event?.seats} places left` : `full, ${entry.waiting} waiting`,
      ]
        .filter(Boolean)
        .join(' · ')}
    </ListRow>
  );
}

function EventDetail({ entry }: { entry: OpenEvent }) {
  const { event, ownBooking } = entry;
  const session = useSession();
  const client = useClient(LearningService);
  const queries = useQueryClient();
  const people = usePeople();
  const toast = useToast();
  const { run, busy, problem } = useAction();
  const threads = useThreads();
  const readsThreads = mayReadConcerns(session);
  const running = (threads.data ?? []).filter(({ state }) => state !== ImprovementThread_State.CLOSED);
  const [thread, setThread] = useState(useAnsweredThread());
  if (!event) return null;
  const holds = ownBooking && (ownBooking.state === Booking_State.BOOKED || ownBooking.state === Booking_State.WAITING);
  const refetch = () => Promise.all([queries.invalidateQueries({ queryKey: ['events'] }), queries.invalidateQueries({ queryKey: ['learning-record'] })]);
  const book = async () => {
    const booking = await client.bookPlace({ event: event.name, improvementThread: thread, requestId: newRequestId() });
    await refetch();
    toast({ text: booking.state === Booking_State.WAITING ? 'The course is full: you are on the waiting list.' : 'You have a place.' });
  };
  const cancel = () =>
    run(async () => {
      if (!ownBooking) return;
      await client.cancelBooking({ name: ownBooking.name, etag: ownBooking.etag, requestId: newRequestId() });
      await refetch();
      toast({ text: 'Given up. Whoever waits longest has the place now.', action: { label: 'Book again', run: book, failed: 'It could not be booked again. Open the course and try there.' } });
    });
  const calendar = () =>
    run(async () => {
      const file = await client.readEventCalendar({ name: event.name });
      const url = URL.createObjectURL(new Blob([file.text], { type: 'text/calendar' }));
      const link = document.createElement('a');
      link.href = url;
      link.download = file.fileName;
      link.click();
      URL.revokeObjectURL(url);
    });
  return (
    <div className="form">
      {problem}
      <dl className="facts">
        <EventDates event={event} />
        {event.leader && (
          <div>
            <dt>Led by</dt>
            <dd>{nameIn(people, event.leader)}</dd>
          </div>
        )}
        <div>
          <dt>Places</dt>
          <dd>
            {entry.seatsLeft} of {event.seats} left{entry.waiting > 0 && `, ${entry.waiting} waiting`}
          </dd>
        </div>
        {event.costPence > 0n && (
          <div>
            <dt>Cost of a place</dt>
            <dd>{sayPence(event.costPence)}</dd>
          </div>
        )}
      </dl>
      {ownBooking && <p role="status">{OWN_WORDS[ownBooking.state]}.</p>}
      {!holds && readsThreads && running.length > 0 && (
        <NativeSelect
          label="The need behind it"
          description="An improvement thread that this answers; optional."
          value={thread}
          data={[{ value: '', label: 'None in particular' }, ...running.map(({ name, title }) => ({ value: name, label: title }))]}
          onChange={(event_) => setThread(event_.currentTarget.value)}
        />
      )}
      <div className="answer-ways">
        {!holds && (
          <Button loading={busy} disabled={!entry.bookable} onClick={() => void run(book)}>
            {entry.seatsLeft > 0 ? 'Book a place' : 'Join the waiting list'}
          </Button>
        )}
        {holds && (
          <Button variant="default" loading={busy} onClick={() => void cancel()}>
            Give it up
          </Button>
        )}
        <Button variant="default" onClick={() => void calendar()}>
          Add to calendar
        </Button>
      </div>
      {!entry.bookable && !holds && <p className="who-reads">Booking is not open at this time.</p>}
    </div>
  );
}

function OwnBookings({ bookings }: { bookings: Booking[] }) {
  const [evaluating, setEvaluating] = useState('');
  const events = useEventNames().data;
  const evaluations = useOwnEvaluations().data;
  // Whoever had a place at an event that was called off is told here.
  const calledOff = (useCancelledBookings().data ?? []).filter(({ event }) => events?.get(event)?.state === CpdEvent_State.CANCELLED);
  return (
    <section aria-labelledby="own-title">
      <h2 id="own-title" className="section-title">
        Mine
      </h2>
      {bookings.length + calledOff.length === 0 && <Empty title="No bookings this year" />}
      <ul className="record-list">
        {calledOff.map((booking) => {
          const start = toInstant(booking.eventStartTime);
          return (
            <ListRow key={booking.name} title={events?.get(booking.event)?.title ?? 'A course'}>
              {start && `${sayDay(dayOf(start))} · `}
              <span className="overdue">called off, it does not take place</span>
            </ListRow>
          );
        })}
        {bookings.map((booking) => {
          const start = toInstant(booking.eventStartTime);
          const own = evaluations?.get(booking.name);
          return (
            <li className="record" key={booking.name}>
              <div className="record-open">
                <div className="record-what">
                  <strong>{events?.get(booking.event)?.title ?? 'A course'}</strong>
                  <small>{[start && sayDay(dayOf(start)), OWN_WORDS[booking.state], own && 'evaluated'].filter(Boolean).join(' · ')}</small>
                  {evaluating === booking.name && <Evaluate booking={booking} own={own} onDone={() => setEvaluating('')} />}
                </div>
                {booking.state === Booking_State.ATTENDED && evaluations && evaluating !== booking.name && (
                  <Button variant="default" onClick={() => setEvaluating(booking.name)}>
                    {own ? 'Change it' : 'Evaluate'}
                    <span className="sr-only">: {events?.get(booking.event)?.title}</span>
                  </Button>
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

const LEVELS = [
  { key: 'reaction', label: 'It was worth the time' },
  { key: 'learning', label: 'I learned something new' },
  { key: 'useInPractice', label: 'I have used it since' },
] as const;
const RATINGS = ['', 'Not at all', 'A little', 'Partly', 'Mostly', 'Entirely'];

function Evaluate({ booking, own, onDone }: { booking: Booking; own: Evaluation | undefined; onDone: () => void }) {
  const { trust } = useSession();
  const client = useClient(LearningService);
  const queries = useQueryClient();
  const toast = useToast();
  const { run, busy, problem } = useAction();
  const [values, setValues] = useState({ reaction: own?.reaction ?? 0, learning: own?.learning ?? 0, useInPractice: own?.useInPractice ?? 0 });
  const [comment, setComment] = useState(own?.comment ?? '');
  const ratesUse = mayRateUse(booking, new Date());
  const save = () =>
    run(async () => {
      const fields = { ...values, comment: comment.trim() };
      if (own) {
        await client.updateEvaluation({
          evaluation: create(EvaluationSchema, { name: own.name, etag: own.etag, ...fields }),
          updateMask: { paths: ['reaction', 'learning', 'use_in_practice', 'comment'] },
          requestId: newRequestId(),
        });
      } else {
        await client.createEvaluation({ parent: trust, evaluation: create(EvaluationSchema, { booking: booking.name, ...fields }), requestId: newRequestId() });
      }
      await queries.invalidateQueries({ queryKey: ['evaluations'] });
      onDone();
      toast({ text: own ? 'Changed.' : 'Thank you. The CPD lead sees it.' });
    });
  return (
    <Form
      onSubmit={() => void save()}
    >
      {problem}
      {LEVELS.map(({ key, label }) => (
        <NativeSelect
          key={key}
          label={label}
          description={key === 'useInPractice' && !ratesUse ? 'Can be said from two weeks after the last date.' : undefined}
          disabled={key === 'useInPractice' && !ratesUse}
          value={String(values[key])}
          data={RATINGS.map((text, value) => ({ value: String(value), label: text || 'No answer' }))}
          onChange={(event) => setValues({ ...values, [key]: Number(event.currentTarget.value) })}
        />
      ))}
      <Textarea label="Comment" description="Optional. The CPD lead reads it, with your name." maxLength={2000} value={comment} onChange={(event) => setComment(event.currentTarget.value)} />
      <div className="answer-ways">
        <Button type="submit" loading={busy} disabled={values.reaction + values.learning + values.useInPractice === 0 && !comment.trim()}>
          {own ? 'Keep it' : 'Send'}
        </Button>
        <Button variant="default" onClick={onDone}>
          Not now
        </Button>
      </div>
    </Form>
  );
}

function Team() {
  const query = useTeamBookings();
  const people = usePeople();
  const events = useEventNames().data;
  const bookings = query.data?.bookings ?? [];
  if (bookings.length === 0) return null;
  return (
    <section aria-labelledby="team-title">
      <h2 id="team-title" className="section-title">
        My team
      </h2>
      <ul className="record-list">
        {bookings.map((booking) => {
          const start = toInstant(booking.eventStartTime);
          return (
            <ListRow key={booking.name} title={nameIn(people, booking.person)}>
              {[events?.get(booking.event)?.title, start && sayDay(dayOf(start)), BOOKING_WORDS[booking.state]].filter(Boolean).join(' · ')}
            </ListRow>
          );
        })}
      </ul>
    </section>
  );
}
