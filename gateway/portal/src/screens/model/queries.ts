// What is read of the improvement model.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useSession } from '../../app/auth';
import { allPages } from '../../app/queries';
import { useClient, useServices } from '../../app/services';
import { EvidenceService, type Measure } from '../../gen/fivestrand/evidence/v1/evidence_pb';
import type { ImprovementModel } from '../../gen/fivestrand/leadership/v1/model_pb';
import { fieldsOf, type Measures } from '../../model/model-edits';

const MOST_REVISIONS = 200;
const HOUR = 3_600_000;

export const modelName = (trust: string) => `${trust}/improvementModels/improvement`;

// As it is now; or as it was at a revision, of which 0 is the default.
export function useModel(revision?: bigint) {
  const { clients } = useServices();
  const { trust } = useSession();
  return useQuery({
    queryKey: ['model', trust, revision === undefined ? 'now' : String(revision)],
    queryFn: ({ signal }) => clients.improvement.getImprovementModel({ name: modelName(trust), revision }, { signal }),
  });
}

// Newest first; none while the default stands.
export function useRevisions() {
  const { clients } = useServices();
  const { trust } = useSession();
  return useQuery({
    queryKey: ['model', trust, 'revisions'],
    queryFn: ({ signal }) =>
      allPages<ImprovementModel>(MOST_REVISIONS, async (pageToken) => {
        const answer = await clients.improvement.listImprovementModelRevisions({ name: modelName(trust), pageSize: 50, pageToken }, { signal });
        return { items: answer.improvementModels, next: answer.nextPageToken };
      }),
  });
}

// The measures of all services as these define them, and who did not answer.
export function useMeasures() {
  const client = useClient(EvidenceService);
  const { trust } = useSession();
  const query = useQuery({
    queryKey: ['measures', trust],
    staleTime: HOUR,
    queryFn: ({ signal }) => client.listMeasures({ parent: trust, defaults: true }, { signal }),
  });
  const { data } = query;
  const measures = useMemo<Measures>(() => new Map((data?.measures ?? []).map((measure): [string, Measure] => [measure.measure, measure])), [data]);
  return { ...query, measures, away: data?.away ?? [] };
}

export function useFields(model: ImprovementModel | undefined, measures: Measures) {
  return useMemo(() => (model ? fieldsOf(model, measures) : {}), [model, measures]);
}
