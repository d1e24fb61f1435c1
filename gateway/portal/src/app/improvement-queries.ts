// What is read of the model and the improvement loop.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Concern, ImprovementThread } from '../gen/fivestrand/leadership/v1/improvement_pb';
import { allPages } from './queries';
import { useSession } from './auth';
import { useServices } from './services';

const PAGE = 200;
// A trust with more that are open has other worries than a list that ends.
const MOST = 1000;
// Figures of other services change without leadership's stream of changes telling.
const SCOREBOARD_AGE_MS = 60_000;

// Five strands of a school, or the schools of a trust by elements.
export function useScoreboard(parent: string | undefined) {
  const { clients } = useServices();
  return useQuery({
    queryKey: ['scoreboard', parent],
    enabled: Boolean(parent),
    placeholderData: keepPreviousData,
    refetchInterval: SCOREBOARD_AGE_MS,
    queryFn: ({ signal }) => clients.improvement.getScoreboard({ parent: parent ?? '' }, { signal }),
  });
}

export function useConcerns(filter = '') {
  const { clients } = useServices();
  const { trust } = useSession();
  return useQuery({
    queryKey: ['concerns', trust, filter],
    queryFn: ({ signal }) =>
      allPages<Concern>(MOST, async (pageToken) => {
        const answer = await clients.improvement.listConcerns(
          { parent: trust, filter, pageSize: PAGE, pageToken, orderBy: 'raise_time desc' },
          { signal },
        );
        return { items: answer.concerns, next: answer.nextPageToken };
      }),
  });
}

export function useThreads() {
  const { clients } = useServices();
  const { trust } = useSession();
  return useQuery({
    queryKey: ['threads', trust],
    queryFn: ({ signal }) =>
      allPages<ImprovementThread>(MOST, async (pageToken) => {
        const answer = await clients.improvement.listImprovementThreads(
          { parent: trust, pageSize: PAGE, pageToken, orderBy: 'open_time desc' },
          { signal },
        );
        return { items: answer.improvementThreads, next: answer.nextPageToken };
      }),
  });
}

export function useTimeline(thread: string) {
  const { clients } = useServices();
  return useQuery({
    queryKey: ['timeline', thread],
    queryFn: ({ signal }) => clients.improvement.getThreadTimeline({ name: thread }, { signal }),
  });
}

export function usePace(parent: string | undefined) {
  const { clients } = useServices();
  return useQuery({
    queryKey: ['pace', parent],
    enabled: Boolean(parent),
    queryFn: ({ signal }) => clients.improvement.readPace({ parent: parent ?? '' }, { signal }),
  });
}
