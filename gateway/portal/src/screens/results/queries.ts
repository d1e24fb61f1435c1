// What the results screens read.
import { useQuery, keepPreviousData } from '@tanstack/react-query';
import { useMemo } from 'react';
import { allPages } from '../../app/queries';
import { useSession } from '../../app/auth';
import { useClient } from '../../app/services';
import { FrameworkService } from '../../gen/fivestrand/assessment/v1/framework_service_pb';
import type { AssessmentWindow } from '../../gen/fivestrand/assessment/v1/framework_pb';
import { PupilService } from '../../gen/fivestrand/assessment/v1/pupil_service_pb';
import type { Pupil } from '../../gen/fivestrand/assessment/v1/pupils_pb';
import { ResultService, type Result } from '../../gen/fivestrand/assessment/v1/results_pb';

const PAGE = 200;
const HOUR = 60 * 60_000;

// The windows of the trust, newest first.
export function useWindows(): { windows: AssessmentWindow[]; pending: boolean; error: unknown } {
  const client = useClient(FrameworkService);
  const { trust } = useSession();
  const query = useQuery({
    queryKey: ['windows', trust],
    staleTime: HOUR / 12,
    queryFn: ({ signal }) =>
      allPages<AssessmentWindow>(400, async (pageToken) => {
        const answer = await client.listAssessmentWindows({ parent: trust, pageSize: PAGE, pageToken, orderBy: 'start_date desc' }, { signal });
        return { items: answer.assessmentWindows, next: answer.nextPageToken };
      }),
  });
  const { data } = query;
  return { windows: useMemo(() => data ?? [], [data]), pending: query.isPending, error: query.error };
}

export function useGrid(parent: string, subject: string, window: string, scale: string) {
  const client = useClient(ResultService);
  return useQuery({
    queryKey: ['grid', parent, subject, window, scale],
    enabled: Boolean(parent && subject && window),
    queryFn: ({ signal }) => client.readGrid({ parent, subject, window, scale }, { signal }),
  });
}

export const MOST_PUPILS = 1000;

// Pupils of one school, or of the caller's schools; the service shows only those whom the caller may see.
export function usePupils(filter: string, enabled = true) {
  const client = useClient(PupilService);
  const { trust } = useSession();
  return useQuery({
    queryKey: ['pupils', trust, filter],
    enabled,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      allPages<Pupil>(MOST_PUPILS, async (pageToken) => {
        const answer = await client.listPupils({ parent: trust, filter, pageSize: PAGE, pageToken, orderBy: 'family_name, given_name' }, { signal });
        return { items: answer.pupils, next: answer.nextPageToken };
      }),
  });
}

export function usePupil(name: string) {
  const client = useClient(PupilService);
  return useQuery({ queryKey: ['pupil', name], queryFn: ({ signal }) => client.readPupilOverview({ name }, { signal }) });
}

export function usePupilResults(parent: string) {
  const client = useClient(ResultService);
  return useQuery({
    queryKey: ['pupil-results', parent],
    queryFn: ({ signal }) =>
      allPages<Result>(2000, async (pageToken) => {
        const answer = await client.listPupilResults({ parent, withHistory: true, pageSize: PAGE, pageToken }, { signal });
        return { items: answer.results, next: answer.nextPageToken };
      }),
  });
}
