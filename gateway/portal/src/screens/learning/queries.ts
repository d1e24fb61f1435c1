// What the learning screens read.
import { useQuery } from '@tanstack/react-query';
import { allPages } from '../../app/queries';
import { useSession } from '../../app/auth';
import { useClient } from '../../app/services';
import type { CoachingCycle } from '../../gen/fivestrand/cpd/v1/coaching_pb';
import { CoachingService } from '../../gen/fivestrand/cpd/v1/coaching_service_pb';
import type { Course, CpdEvent, Evaluation } from '../../gen/fivestrand/cpd/v1/learning_pb';
import { LearningService, type OpenEvent } from '../../gen/fivestrand/cpd/v1/learning_service_pb';
import { instantOf, today } from '../../model/dates';

const PAGE = 200;

export function useOpenEvents() {
  const client = useClient(LearningService);
  const { trust } = useSession();
  return useQuery({
    queryKey: ['events', trust],
    queryFn: ({ signal }) =>
      allPages<OpenEvent>(400, async (pageToken) => {
        const answer = await client.listOpenEvents({ parent: trust, pageSize: PAGE, pageToken }, { signal });
        return { items: answer.openEvents, next: answer.nextPageToken };
      }),
  });
}

// Events by name, past ones included: a booking names its event only.
export function useEventNames() {
  const client = useClient(LearningService);
  const { trust } = useSession();
  return useQuery({
    queryKey: ['event-names', trust],
    queryFn: async ({ signal }) => {
      const events = await allPages<CpdEvent>(400, async (pageToken) => {
        const answer = await client.listCpdEvents({ parent: trust, pageSize: PAGE, pageToken, orderBy: 'start_time desc' }, { signal });
        return { items: answer.cpdEvents, next: answer.nextPageToken };
      });
      return new Map(events.map((event) => [event.name, event]));
    },
  });
}

// Bookings of the person's own for events ahead that ended without them: given up, or called off.
export function useCancelledBookings() {
  const client = useClient(LearningService);
  const { trust, person } = useSession();
  return useQuery({
    queryKey: ['called-off', trust, person],
    queryFn: async ({ signal }) => {
      const filter = `person = ${JSON.stringify(person)} AND state = "CANCELLED" AND event_start_time >= ${JSON.stringify(instantOf(today(), '00:00').toISOString())}`;
      return (await client.listBookings({ parent: trust, filter, pageSize: PAGE }, { signal })).bookings;
    },
  });
}

// What the person has said of courses, by booking.
export function useOwnEvaluations() {
  const client = useClient(LearningService);
  const { trust, person } = useSession();
  return useQuery({
    queryKey: ['evaluations', 'own', person],
    queryFn: async ({ signal }) => {
      const own = await allPages<Evaluation>(1000, async (pageToken) => {
        const filter = `person = ${JSON.stringify(person)}`;
        const answer = await client.listEvaluations({ parent: trust, filter, pageSize: PAGE, pageToken, orderBy: 'event_end_time desc' }, { signal });
        return { items: answer.evaluations, next: answer.nextPageToken };
      });
      return new Map(own.map((evaluation) => [evaluation.booking, evaluation]));
    },
  });
}

// Events that the person leads, newest first: whoever leads one keeps its register.
export function useLedEvents() {
  const client = useClient(LearningService);
  const { trust, person } = useSession();
  return useQuery({
    queryKey: ['events', trust, 'led', person],
    queryFn: async ({ signal }) => {
      const filter = `leader = ${JSON.stringify(person)}`;
      return (await client.listCpdEvents({ parent: trust, filter, pageSize: PAGE, orderBy: 'start_time desc' }, { signal })).cpdEvents;
    },
  });
}

export function useLearningRecord() {
  const client = useClient(LearningService);
  const { person } = useSession();
  return useQuery({ queryKey: ['learning-record', person], queryFn: ({ signal }) => client.readLearningRecord({ person }, { signal }) });
}

export function useTeamBookings() {
  const client = useClient(LearningService);
  const { trust } = useSession();
  return useQuery({ queryKey: ['team', trust], queryFn: ({ signal }) => client.listTeamBookings({ parent: trust }, { signal }) });
}

export function useCourses() {
  const client = useClient(LearningService);
  const { trust } = useSession();
  return useQuery({
    queryKey: ['courses', trust],
    queryFn: ({ signal }) =>
      allPages<Course>(1000, async (pageToken) => {
        const answer = await client.listCourses({ parent: trust, pageSize: PAGE, pageToken, orderBy: 'title' }, { signal });
        return { items: answer.courses, next: answer.nextPageToken };
      }),
  });
}

export function useCycles() {
  const client = useClient(CoachingService);
  const { trust } = useSession();
  return useQuery({
    queryKey: ['cycles', trust],
    queryFn: ({ signal }) =>
      allPages<CoachingCycle>(400, async (pageToken) => {
        const answer = await client.listCoachingCycles({ parent: trust, pageSize: PAGE, pageToken, orderBy: 'start_date desc' }, { signal });
        return { items: answer.coachingCycles, next: answer.nextPageToken };
      }),
  });
}
