// For who runs professional development: the catalogue, events with their bookings and registers, and anybody's learning record.
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { idOf } from '../../api/names';
import { useSession } from '../../app/auth';
import { useParam } from '../../app/hooks';
import { allPages, usePeople } from '../../app/queries';
import { useClient } from '../../app/services';
import { CpdEvent_State, type CpdEvent } from '../../gen/fivestrand/cpd/v1/learning_pb';
import { LearningService } from '../../gen/fivestrand/cpd/v1/learning_service_pb';
import { clockOf, dayOf, sayDay, toInstant } from '../../model/dates';
import { BOOKING_WORDS, sayHours, sayPence } from '../../model/learning';
import { PlusIcon } from '../../ui/icons';
import { Empty, Loading, PageHead, ProblemNote } from '../../ui/parts';
import { PersonPicker } from '../../ui/people-picker';
import { ListRow } from '../../ui/list-row';
import { Sheet } from '../../ui/sheet';
import { COURSE_KINDS, CourseForm } from './course-form';
import { EventForm } from './event-form';
import { EventSheet } from './event-sheet';
import { useCourses, useEventNames } from './queries';

export default function ManageScreen() {
  const { trust } = useSession();
  const client = useClient(LearningService);
  const courses = useCourses();
  const adding = useParam('add');
  const register = useParam('register');
  const editing = useParam('course');
  const events = useQuery({
    queryKey: ['events', trust, 'all'],
    queryFn: ({ signal }) =>
      allPages<CpdEvent>(600, async (pageToken) => {
        const answer = await client.listCpdEvents({ parent: trust, pageSize: 200, pageToken, orderBy: 'start_time desc' }, { signal });
        return { items: answer.cpdEvents, next: answer.nextPageToken };
      }),
  });
  const opened = events.data?.find(({ name }) => idOf(name) === register.value);
  const course = courses.data?.find(({ name }) => idOf(name) === editing.value);
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
      <div className="side-by-side">
        <section aria-labelledby="events-title">
          <h2 id="events-title" className="section-title">
            Events
          </h2>
          {events.isPending && <Loading lines={5} />}
          {events.isError && <ProblemNote error={events.error} onRetry={() => void events.refetch()} title="Events" />}
          {events.data?.length === 0 && <Empty title="No events">An event gives a course its dates, places and seats.</Empty>}
          <ul className="record-list">
            {events.data?.map((event) => {
              const start = toInstant(event.startTime);
              return (
                <ListRow key={event.name} title={event.title} onOpen={() => register.open(idOf(event.name))}>
                  {[
                    start && `${sayDay(dayOf(start))} ${clockOf(start)}`,
                    event.seats === 1 ? '1 place' : `${event.seats} places`,
                    event.state === CpdEvent_State.CANCELLED && 'called off',
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </ListRow>
              );
            })}
          </ul>
        </section>
        <div>
          <section aria-labelledby="catalogue-title">
            <h2 id="catalogue-title" className="section-title">
              Catalogue
            </h2>
            <Button variant="default" onClick={() => adding.open('course')}>
              Add a course
            </Button>
            {courses.isError && <ProblemNote error={courses.error} onRetry={() => void courses.refetch()} title="Courses" />}
            <ul className="record-list catalogue">
              {courses.data?.map((one) => (
                <ListRow key={one.name} title={one.title} onOpen={() => editing.open(idOf(one.name))}>
                  {[COURSE_KINDS[one.kind], one.provider].filter(Boolean).join(' · ')}
                </ListRow>
              ))}
            </ul>
          </section>
          <PersonsRecord />
        </div>
      </div>
      <Sheet opened={adding.value !== undefined} onClose={adding.close} title={adding.value === 'course' ? 'A course' : 'An event'}>
        {adding.value === 'course' && <CourseForm onDone={adding.close} />}
        {adding.value === 'event' && <EventForm onDone={adding.close} />}
      </Sheet>
      <Sheet opened={course !== undefined} onClose={editing.close} title="A course">
        {course && <CourseForm key={course.etag} course={course} onDone={editing.close} />}
      </Sheet>
      <Sheet opened={opened !== undefined} onClose={register.close} title={opened?.title ?? ''} wide>
        {opened && <EventSheet event={opened} onDone={register.close} />}
      </Sheet>
    </>
  );
}

function PersonsRecord() {
  const client = useClient(LearningService);
  const people = usePeople();
  const names = useEventNames().data;
  const [person, setPerson] = useState('');
  const query = useQuery({
    queryKey: ['learning-record', person],
    enabled: person !== '',
    queryFn: ({ signal }) => client.readLearningRecord({ person }, { signal }),
  });
  const record = query.data;
  return (
    <section aria-labelledby="persons-title">
      <h2 id="persons-title" className="section-title">
        Somebody’s learning this academic year
      </h2>
      <PersonPicker label="Whose" people={people} value={person} onChange={setPerson} />
      {person && query.isPending && <Loading lines={2} />}
      {query.isError && <ProblemNote error={query.error} title="The record" />}
      {record && person && (
        <>
          <dl className="then-now">
            <div>
              <dt>Attended</dt>
              <dd>{sayHours(record.minutes)}</dd>
            </div>
            <div>
              <dt>Events</dt>
              <dd>{record.attendedEvents}</dd>
            </div>
            <div>
              <dt>Cost</dt>
              <dd>{sayPence(record.costPence)}</dd>
            </div>
          </dl>
          <ul className="booking-list">
            {record.bookings.map((booking) => {
              const start = toInstant(booking.eventStartTime);
              return (
                <li key={booking.name}>
                  <span>{names?.get(booking.event)?.title ?? 'A course'}</span>
                  <small>{[start && sayDay(dayOf(start)), BOOKING_WORDS[booking.state]].filter(Boolean).join(' · ')}</small>
                </li>
              );
            })}
          </ul>
        </>
      )}
    </section>
  );
}
