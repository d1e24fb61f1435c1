// One event for those who run it: who has a place and who waits, who was there, what was said of it, and changing it.
import { create } from '@bufbuild/protobuf';
import { Button, SegmentedControl } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newRequestId } from '../../api/ids';
import { useSession } from '../../app/auth';
import { allPages, nameIn, usePeople } from '../../app/queries';
import { useClient } from '../../app/services';
import { Booking_State, BookingSchema, CpdEvent_State, type Booking, type CpdEvent, type Evaluation } from '../../gen/fivestrand/cpd/v1/learning_pb';
import { LearningService } from '../../gen/fivestrand/cpd/v1/learning_service_pb';
import { toInstant } from '../../model/dates';
import { BOOKING_WORDS, hasCome, meanOf, sayHours, sayPence, sumsOf } from '../../model/learning';
import { useAction } from '../../ui/action';
import { Empty, Loading, ProblemNote } from '../../ui/parts';
import { PersonPicker } from '../../ui/people-picker';
import { useToast } from '../../ui/toast';
import { EventDates } from './event-dates';
import { EventForm } from './event-form';
import { Register } from './register';

const MOST = 1200;

function useEventBookings(event: CpdEvent) {
  const client = useClient(LearningService);
  const { trust } = useSession();
  return useQuery({
    queryKey: ['event-bookings', event.name],
    queryFn: ({ signal }) =>
      allPages<Booking>(MOST, async (pageToken) => {
        const filter = `event = ${JSON.stringify(event.name)}`;
        const answer = await client.listBookings({ parent: trust, filter, pageSize: 200, pageToken }, { signal });
        return { items: answer.bookings, next: answer.nextPageToken };
      }),
  });
}

type Part = 'bookings' | 'register' | 'said' | 'change';

export function EventSheet({ event, onDone }: { event: CpdEvent; onDone: () => void }) {
  const [part, setPart] = useState<Part>('bookings');
  const query = useEventBookings(event);
  const sums = sumsOf(query.data ?? []);
  const cancelled = event.state === CpdEvent_State.CANCELLED;
  const parts = [
    { value: 'bookings', label: 'Bookings' },
    { value: 'register', label: 'Register' },
    { value: 'said', label: 'Evaluations' },
    ...(cancelled ? [] : [{ value: 'change', label: 'Change' }]),
  ];
  return (
    <div className="form">
      {cancelled && <p role="status">It was called off.</p>}
      <dl className="facts">
        <EventDates event={event} />
        {query.data && (
          <>
            <div>
              <dt>Places</dt>
              <dd>
                {sums.taken.length} of {event.seats} taken{sums.waiting.length > 0 && `, ${sums.waiting.length} waiting`}
              </dd>
            </div>
            <div>
              <dt>Cost</dt>
              <dd>
                {sayPence(sums.costPence)}
                {event.costPence > 0n && ` (${sayPence(event.costPence)} a place)`}
              </dd>
            </div>
            <div>
              <dt>Hours attended</dt>
              <dd>{sayHours(sums.minutes)}</dd>
            </div>
          </>
        )}
      </dl>
      <div className="parts-scroll">
        <SegmentedControl aria-label="What to look at" size="md" value={part} data={parts} onChange={(value) => setPart(value as Part)} />
      </div>
      {query.isPending && <Loading lines={3} />}
      {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="The bookings" />}
      {part === 'bookings' && query.data && <Bookings event={event} bookings={query.data} />}
      {part === 'register' && <Register event={event} />}
      {part === 'said' && <Evaluations event={event} />}
      {part === 'change' && query.data && (
        <>
          <EventForm key={event.etag} event={event} taken={sums.taken.length} waiting={sums.waiting.length} onDone={() => setPart('bookings')} />
          <CallOff event={event} taken={sums.taken.length} waiting={sums.waiting.length} onDone={onDone} />
        </>
      )}
    </div>
  );
}

function useRefetch() {
  const queries = useQueryClient();
  return () => Promise.all(['event-bookings', 'events', 'register', 'learning-record', 'called-off'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
}

function Bookings({ event, bookings }: { event: CpdEvent; bookings: Booking[] }) {
  const { trust } = useSession();
  const client = useClient(LearningService);
  const people = usePeople();
  const toast = useToast();
  const refetch = useRefetch();
  const { run, busy, problem } = useAction();
  const [person, setPerson] = useState('');
  const { taken, waiting, givenUp } = sumsOf(bookings);
  const begun = hasCome(event.startTime, new Date());
  const full = taken.length >= event.seats;
  const runs = event.state !== CpdEvent_State.CANCELLED;
  const book = async (whom: string) => {
    const booking = await client.createBooking({ parent: trust, booking: create(BookingSchema, { event: event.name, person: whom }), requestId: newRequestId() });
    await refetch();
    setPerson('');
    const name = nameIn(people, whom);
    toast({ text: booking.state === Booking_State.WAITING ? `Every place is taken: ${name} waits.` : `${name} has a place.` });
  };
  const giveUp = (booking: Booking) =>
    run(async () => {
      await client.cancelBooking({ name: booking.name, etag: booking.etag, requestId: newRequestId() });
      await refetch();
      const name = nameIn(people, booking.person);
      toast({ text: `${name} has no place any more.`, action: { label: 'Book again', run: () => book(booking.person), failed: `${name} could not be booked again.` } });
    });
  const rows = (list: Booking[], numbered = false) => (
    <ol className="booking-list">
      {list.map((booking, index) => (
        <li key={booking.name}>
          <span>
            {numbered && `${index + 1}. `}
            {nameIn(people, booking.person)} <School name={booking.school} />
          </span>
          {!begun && runs && (booking.state === Booking_State.BOOKED || booking.state === Booking_State.WAITING) && (
            <button type="button" className="text-button" disabled={busy} onClick={() => void giveUp(booking)}>
              Take out<span className="sr-only"> {nameIn(people, booking.person)}</span>
            </button>
          )}
          {booking.state !== Booking_State.BOOKED && booking.state !== Booking_State.WAITING && <small>{BOOKING_WORDS[booking.state]}</small>}
        </li>
      ))}
    </ol>
  );
  return (
    <>
      {problem}
      <h3 className="section-title">Have a place</h3>
      {taken.length === 0 && <Empty title="Nobody has a place yet" />}
      {rows(taken)}
      {waiting.length > 0 && (
        <>
          <h3 className="section-title">Waiting list</h3>
          <p className="as-of">In the order in which a free place goes to them.</p>
          {rows([...waiting].sort((a, b) => (toInstant(a.createTime)?.getTime() ?? 0) - (toInstant(b.createTime)?.getTime() ?? 0)), true)}
        </>
      )}
      {givenUp.length > 0 && (
        <details>
          <summary>{givenUp.length === 1 ? '1 has given it up' : `${givenUp.length} have given it up`}</summary>
          {rows(givenUp)}
        </details>
      )}
      {runs && (
        <>
          <h3 className="section-title">Book for somebody</h3>
          <PersonPicker label="Whom" people={people} value={person} onChange={setPerson} />
          <Button variant="default" loading={busy} disabled={!person || (full && begun)} onClick={() => void run(() => book(person))}>
            {!full ? 'Give them a place' : begun ? 'Every place is taken' : 'Put them on the waiting list'}
          </Button>
        </>
      )}
    </>
  );
}

function School({ name }: { name: string }) {
  const { schools } = useSession();
  return <small>{name ? schools.find((school) => school.name === name)?.displayName : 'The trust'}</small>;
}

const LEVELS = [
  { key: 'reaction', label: 'Worth the time' },
  { key: 'learning', label: 'Learned something new' },
  { key: 'useInPractice', label: 'Used it since' },
] as const;

function Evaluations({ event }: { event: CpdEvent }) {
  const client = useClient(LearningService);
  const { trust } = useSession();
  const people = usePeople();
  const query = useQuery({
    queryKey: ['evaluations', event.name],
    queryFn: ({ signal }) =>
      allPages<Evaluation>(MOST, async (pageToken) => {
        const filter = `event = ${JSON.stringify(event.name)}`;
        const answer = await client.listEvaluations({ parent: trust, filter, pageSize: 200, pageToken }, { signal });
        return { items: answer.evaluations, next: answer.nextPageToken };
      }),
  });
  const said = query.data ?? [];
  return (
    <>
      {query.isPending && <Loading lines={2} />}
      {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="The evaluations" />}
      {query.data && said.length === 0 && <Empty title="Nobody has said anything yet">Whoever was there can, once it has begun.</Empty>}
      {said.length > 0 && (
        <>
          <dl className="then-now">
            {LEVELS.map(({ key, label }) => (
              <div key={key}>
                <dt>{label}</dt>
                <dd>{meanOf(said, key) ?? '–'}</dd>
              </div>
            ))}
          </dl>
          <p className="as-of">Means from 1, not at all, to 5, entirely, over {said.length === 1 ? '1 evaluation' : `${said.length} evaluations`}.</p>
          <ul className="booking-list">
            {said
              .filter(({ comment }) => comment)
              .map((evaluation) => (
                <li key={evaluation.name}>
                  <span>
                    {evaluation.comment} <small>{nameIn(people, evaluation.person)}</small>
                  </span>
                </li>
              ))}
          </ul>
        </>
      )}
    </>
  );
}

// An event that was called off stays so: asked once more, with whom it concerns.
function CallOff({ event, taken, waiting, onDone }: { event: CpdEvent; taken: number; waiting: number; onDone: () => void }) {
  const client = useClient(LearningService);
  const toast = useToast();
  const refetch = useRefetch();
  const { run, busy, problem } = useAction();
  const [asked, setAsked] = useState(false);
  if (hasCome(event.endTime, new Date())) return null;
  if (!asked)
    return (
      <Button variant="default" onClick={() => setAsked(true)}>
        Call it off
      </Button>
    );
  return (
    <div role="group" aria-label="Call it off" className="form">
      {problem}
      <p>
        {taken + waiting === 0
          ? 'Nobody has booked it.'
          : `${taken === 1 ? '1 person loses the place' : `${taken} people lose their places`}${waiting > 0 ? `, and ${waiting === 1 ? '1 waits' : `${waiting} wait`} no longer` : ''}. Each sees it under “Mine” on the page of courses, and in the calendar file.`}{' '}
        An event that was called off cannot be brought back.
      </p>
      <Button
        color="red"
        loading={busy}
        onClick={() =>
          void run(async () => {
            await client.cancelCpdEvent({ name: event.name, etag: event.etag, requestId: newRequestId() });
            await refetch();
            toast({ text: `“${event.title}” is called off.` });
            onDone();
          })
        }
      >
        Yes, call it off
      </Button>
    </div>
  );
}
