// The records behind a figure of professional learning or of a pulse.
import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { collectionOf, idOf, trustOf } from '../../api/names';
import { nameIn, usePeople } from '../../app/queries';
import { useClient } from '../../app/services';
import type { RecordQuery } from '../../gen/fivestrand/evidence/v1/evidence_pb';
import { LearningService } from '../../gen/fivestrand/cpd/v1/learning_service_pb';
import { PulseService } from '../../gen/fivestrand/welfare/v1/pulse_service_pb';
import { dayOf, sayDay, toInstant } from '../../model/dates';
import { BOOKING_WORDS, sayHours } from '../../model/learning';
import { Empty, Loading, ProblemNote } from '../../ui/parts';
import { ListRow } from '../../ui/list-row';
import { useEventNames } from '../learning/queries';

const PAGE = 50;

export default function OtherRecords({ query }: { query: RecordQuery }) {
  return collectionOf(query.collection) === 'bookings' ? <Bookings query={query} /> : <Pulses query={query} />;
}

function Bookings({ query }: { query: RecordQuery }) {
  const client = useClient(LearningService);
  const people = usePeople();
  const events = useEventNames().data;
  const list = useInfiniteQuery({
    queryKey: ['records', query.collection, query.filter],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      client.listBookings({ parent: trustOf(query.collection), filter: query.filter, pageSize: PAGE, pageToken: pageParam, orderBy: 'event_start_time desc' }, { signal }),
    getNextPageParam: (last) => last.nextPageToken || undefined,
  });
  const bookings = list.data?.pages.flatMap((page) => page.bookings) ?? [];
  return (
    <section aria-label="Bookings" className="behind">
      {list.isPending && <Loading lines={4} />}
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && bookings.length === 0 && <Empty title="No bookings">Nobody of this school had a place in this time.</Empty>}
      <ul className="record-list">
        {bookings.map((booking) => {
          const start = toInstant(booking.eventStartTime);
          return (
            <ListRow key={booking.name} title={nameIn(people, booking.person)}>
              {[
                events?.get(booking.event)?.title,
                start && sayDay(dayOf(start)),
                BOOKING_WORDS[booking.state],
                booking.attendedMinutes > 0 && sayHours(booking.attendedMinutes),
                booking.element || booking.objective || booking.improvementThread ? 'has a need behind it' : 'no need named',
              ]
                .filter(Boolean)
                .join(' · ')}
            </ListRow>
          );
        })}
      </ul>
      {list.hasNextPage && (
        <Button variant="default" mt="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Older ones
        </Button>
      )}
    </section>
  );
}

// The answers no longer exist: what is behind the figure is its one survey, with all that may be shown of it.
function Pulses({ query }: { query: RecordQuery }) {
  const client = useClient(PulseService);
  const list = useQuery({
    queryKey: ['records', query.collection, query.filter],
    queryFn: ({ signal }) => client.listPulseSurveys({ parent: trustOf(query.collection), filter: query.filter }, { signal }),
  });
  const surveys = list.data?.pulseSurveys ?? [];
  return (
    <section aria-label="Pulses" className="behind">
      <p className="as-of">The answers were destroyed when the pulse closed. Its figures are what is left, and everybody who works here may read them.</p>
      {list.isPending && <Loading lines={2} />}
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && surveys.length === 0 && <Empty title="No pulse">It is no longer there.</Empty>}
      <ul className="record-list">
        {surveys.map((survey) => {
          const closed = toInstant(survey.closeTime);
          return (
            <ListRow key={survey.name} title={survey.title} href={`/wellbeing/pulses/${idOf(survey.name)}`}>
              {closed && `closed ${sayDay(dayOf(closed))}`}
            </ListRow>
          );
        })}
      </ul>
    </section>
  );
}
