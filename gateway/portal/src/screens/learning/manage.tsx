// For who runs professional development: courses, their events, and the registers of who was there.
import { create } from '@bufbuild/protobuf';
import { Button, NativeSelect, NumberInput, Textarea, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newRequestId } from '../../api/ids';
import { useSession } from '../../app/auth';
import { useParam } from '../../app/hooks';
import { allPages, nameIn, usePeople } from '../../app/queries';
import { useClient } from '../../app/services';
import { Attendance_Presence, Booking_State, Course_Kind, CourseSchema, CpdEvent_State, CpdEventSchema, type CpdEvent } from '../../gen/fivestrand/cpd/v1/learning_pb';
import { LearningService } from '../../gen/fivestrand/cpd/v1/learning_service_pb';
import { addDays, clockOf, dayOf, instantOf, sayDay, toInstant, toTimestamp, today } from '../../model/dates';
import { useAction } from '../../ui/action';
import { ChevronIcon, PlusIcon } from '../../ui/icons';
import { Empty, Loading, PageHead, ProblemNote } from '../../ui/parts';
import { Sheet } from '../../ui/sheet';
import { useCourses } from './queries';

const KINDS: Record<Course_Kind, string> = {
  [Course_Kind.KIND_UNSPECIFIED]: '',
  [Course_Kind.WORKSHOP]: 'Workshop',
  [Course_Kind.PROGRAMME]: 'Programme',
  [Course_Kind.CONFERENCE]: 'Conference',
  [Course_Kind.ONLINE]: 'Online',
  [Course_Kind.VISIT]: 'Visit to colleagues',
  [Course_Kind.QUALIFICATION]: 'Qualification',
  [Course_Kind.NETWORK]: 'Network',
};

export default function ManageScreen() {
  const { trust } = useSession();
  const client = useClient(LearningService);
  const courses = useCourses();
  const adding = useParam('add');
  const register = useParam('register');
  const events = useQuery({
    queryKey: ['events', trust, 'all'],
    queryFn: ({ signal }) =>
      allPages<CpdEvent>(600, async (pageToken) => {
        const answer = await client.listCpdEvents({ parent: trust, pageSize: 200, pageToken, orderBy: 'start_time desc' }, { signal });
        return { items: answer.cpdEvents, next: answer.nextPageToken };
      }),
  });
  const opened = events.data?.find(({ name }) => name.endsWith(`/${register.value}`));
  return (
    <>
      <PageHead
        title="Manage learning"
        actions={
          <Button leftSection={<PlusIcon size={20} />} onClick={() => adding.open('event')}>
            Event
          </Button>
        }
      >
        {courses.data?.length === 1 ? '1 course' : `${courses.data?.length ?? 0} courses`} in the catalogue
      </PageHead>
      <Button variant="default" onClick={() => adding.open('course')}>
        Add a course
      </Button>
      <h2 className="section-title">Events</h2>
      {events.isPending && <Loading lines={5} />}
      {events.isError && <ProblemNote error={events.error} onRetry={() => void events.refetch()} title="Events" />}
      {events.data?.length === 0 && <Empty title="No events">An event gives a course its dates, places and seats.</Empty>}
      <ul className="record-list">
        {events.data?.map((event) => {
          const start = toInstant(event.startTime);
          return (
            <li className="record" key={event.name}>
              <button type="button" className="record-open" onClick={() => register.open(event.name.split('/').at(-1) ?? '')}>
                <span className="record-what">
                  <strong>{event.title}</strong>
                  <small>
                    {[start && `${sayDay(dayOf(start))} ${clockOf(start)}`, event.seats === 1 ? '1 place' : `${event.seats} places`, event.state === CpdEvent_State.CANCELLED && 'called off'].filter(Boolean).join(' · ')}
                  </small>
                </span>
                <ChevronIcon size={18} className="record-chevron" />
              </button>
            </li>
          );
        })}
      </ul>
      <Sheet opened={adding.value !== undefined} onClose={adding.close} title={adding.value === 'course' ? 'A course' : 'An event'}>
        {adding.value === 'course' && <NewCourse onDone={adding.close} />}
        {adding.value === 'event' && <NewEvent onDone={adding.close} />}
      </Sheet>
      <Sheet opened={opened !== undefined} onClose={register.close} title={opened?.title ?? ''} wide>
        {opened && <Register event={opened} onDone={register.close} />}
      </Sheet>
    </>
  );
}

function NewCourse({ onDone }: { onDone: () => void }) {
  const { trust } = useSession();
  const client = useClient(LearningService);
  const queries = useQueryClient();
  const { run, busy, problem } = useAction();
  const [title, setTitle] = useState('');
  const [kind, setKind] = useState(Course_Kind.WORKSHOP);
  const [provider, setProvider] = useState('');
  const [description, setDescription] = useState('');
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!title.trim()) return;
        void run(async () => {
          await client.createCourse({
            parent: trust,
            course: create(CourseSchema, { title: title.trim(), kind, provider: provider.trim(), description: description.trim() }),
            requestId: newRequestId(),
          });
          await queries.invalidateQueries({ queryKey: ['courses'] });
          onDone();
        });
      }}
    >
      {problem}
      <TextInput label="Title" maxLength={160} required value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
      <NativeSelect
        label="Kind"
        value={String(kind)}
        data={Object.entries(KINDS)
          .filter(([value]) => value !== '0')
          .map(([value, label]) => ({ value, label }))}
        onChange={(event) => setKind(Number(event.currentTarget.value))}
      />
      <TextInput label="Given by" maxLength={120} value={provider} onChange={(event) => setProvider(event.currentTarget.value)} />
      <Textarea label="What it is about" maxLength={4000} value={description} onChange={(event) => setDescription(event.currentTarget.value)} />
      <Button type="submit" loading={busy} disabled={!title.trim()}>
        Add to the catalogue
      </Button>
    </form>
  );
}

function NewEvent({ onDone }: { onDone: () => void }) {
  const session = useSession();
  const client = useClient(LearningService);
  const queries = useQueryClient();
  const courses = useCourses();
  const { run, busy, problem } = useAction();
  const [course, setCourse] = useState('');
  const [dates, setDates] = useState([{ day: addDays(today(), 14), from: '15:45', to: '17:15', place: '' }]);
  const [seats, setSeats] = useState<number | string>(20);
  const [cost, setCost] = useState<number | string>(0);
  const change = (index: number, fields: Partial<(typeof dates)[number]>) => setDates(dates.map((date, at) => (at === index ? { ...date, ...fields } : date)));
  const chosen = course || courses.data?.[0]?.name || '';
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!chosen) return;
        void run(async () => {
          await client.createCpdEvent({
            parent: session.trust,
            cpdEvent: create(CpdEventSchema, {
              course: chosen,
              leader: session.person,
              seats: Number(seats),
              costPence: BigInt(Math.round(Number(cost) * 100)),
              dates: dates.map(({ day, from, to, place }) => ({
                startTime: toTimestamp(instantOf(day, from)),
                endTime: toTimestamp(instantOf(day, to)),
                place: place.trim(),
              })),
            }),
            requestId: newRequestId(),
          });
          await queries.invalidateQueries({ queryKey: ['events'] });
          onDone();
        });
      }}
    >
      {problem}
      <NativeSelect
        label="Course"
        value={chosen}
        data={(courses.data ?? []).map(({ name, title }) => ({ value: name, label: title }))}
        onChange={(event) => setCourse(event.currentTarget.value)}
      />
      {dates.map((date, index) => (
        <fieldset key={index} className="form">
          <legend>Date {index + 1}</legend>
          <TextInput label="Day" type="date" value={date.day} onChange={(event) => change(index, { day: event.currentTarget.value })} />
          <div className="form-pair">
            <TextInput label="From" type="time" value={date.from} onChange={(event) => change(index, { from: event.currentTarget.value })} />
            <TextInput label="To" type="time" value={date.to} onChange={(event) => change(index, { to: event.currentTarget.value })} />
          </div>
          <TextInput label="Place" maxLength={200} value={date.place} onChange={(event) => change(index, { place: event.currentTarget.value })} />
        </fieldset>
      ))}
      <Button variant="default" onClick={() => setDates([...dates, { ...(dates.at(-1) as (typeof dates)[number]), day: addDays(dates.at(-1)?.day ?? today(), 7) }])} disabled={dates.length >= 20}>
        Another date
      </Button>
      <div className="form-pair">
        <NumberInput label="Places" min={1} max={1000} value={seats} onChange={setSeats} />
        <NumberInput label="Cost of a place, £" min={0} max={100000} decimalScale={2} value={cost} onChange={setCost} />
      </div>
      <Button type="submit" loading={busy} disabled={!chosen}>
        Open for booking
      </Button>
    </form>
  );
}

function Register({ event, onDone }: { event: CpdEvent; onDone: () => void }) {
  const client = useClient(LearningService);
  const queries = useQueryClient();
  const people = usePeople();
  const { run, busy, problem } = useAction();
  const [dateId, setDateId] = useState(event.dates[0]?.dateId ?? '');
  const [absent, setAbsent] = useState<string[]>([]);
  const query = useQuery({ queryKey: ['register', event.name], queryFn: ({ signal }) => client.readRegister({ event: event.name }, { signal }) });
  const bookings = (query.data?.bookings ?? []).filter(({ state }) => state !== Booking_State.WAITING && state !== Booking_State.CANCELLED);
  const begun = (toInstant(event.dates.find((date) => date.dateId === dateId)?.startTime) ?? new Date(8.64e15)) <= new Date();
  const refetch = () => Promise.all([queries.invalidateQueries({ queryKey: ['register', event.name] }), queries.invalidateQueries({ queryKey: ['events'] })]);
  return (
    <div className="form">
      {problem}
      {query.isPending && <Loading lines={3} />}
      {query.isError && <ProblemNote error={query.error} title="The register" />}
      <NativeSelect
        label="Date"
        value={dateId}
        data={event.dates.map((date) => ({ value: date.dateId, label: sayDay(dayOf(toInstant(date.startTime) ?? new Date())) }))}
        onChange={(change) => setDateId(change.currentTarget.value)}
      />
      {query.data && bookings.length === 0 && <Empty title="Nobody has a place yet" />}
      <table className="numbers">
        <caption>{bookings.length === 1 ? '1 place' : `${bookings.length} places`} taken. Who was not there?</caption>
        <tbody>
          {bookings.map((booking) => {
            const recorded = booking.attendance.find((entry) => entry.dateId === dateId);
            return (
              <tr key={booking.name}>
                <th scope="row">
                  <label>
                    <input
                      type="checkbox"
                      className="tick"
                      checked={absent.includes(booking.name)}
                      onChange={(change) => setAbsent(change.currentTarget.checked ? [...absent, booking.name] : absent.filter((name) => name !== booking.name))}
                    />{' '}
                    {nameIn(people, booking.person)}
                  </label>
                </th>
                <td>{recorded ? (recorded.presence === Attendance_Presence.PRESENT ? 'there' : 'not there') : 'not recorded'}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <div className="answer-ways">
        <Button
          loading={busy}
          disabled={!begun || bookings.length === 0}
          onClick={() =>
            void run(async () => {
              await client.recordAttendance({
                event: event.name,
                dateId,
                entries: bookings.map(({ name }) => ({ booking: name, presence: absent.includes(name) ? Attendance_Presence.ABSENT : Attendance_Presence.PRESENT })),
                requestId: newRequestId(),
              });
              setAbsent([]);
              await refetch();
            })
          }
        >
          Record attendance
        </Button>
        {event.state !== CpdEvent_State.CANCELLED && !begun && (
          <Button
            variant="default"
            loading={busy}
            onClick={() =>
              void run(async () => {
                await client.cancelCpdEvent({ name: event.name, etag: event.etag, requestId: newRequestId() });
                await refetch();
                onDone();
              })
            }
          >
            Call it off
          </Button>
        )}
      </div>
    </div>
  );
}
