// What is set up before results come in.
import { useQuery } from '@tanstack/react-query';
import { useSession } from '../../../app/auth';
import { allPages } from '../../../app/queries';
import { useClient, useServices } from '../../../app/services';
import type { Framework, Scale } from '../../../gen/fivestrand/assessment/v1/framework_pb';
import { FrameworkService } from '../../../gen/fivestrand/assessment/v1/framework_service_pb';
import type { ColumnMapping } from '../../../gen/fivestrand/assessment/v1/import_mapping_pb';
import { ImportService } from '../../../gen/fivestrand/assessment/v1/import_service_pb';

const PAGE = 200;

export function useScales() {
  const client = useClient(FrameworkService);
  const { trust } = useSession();
  return useQuery({
    queryKey: ['scales', trust],
    queryFn: ({ signal }) =>
      allPages<Scale>(400, async (pageToken) => {
        const answer = await client.listScales({ parent: trust, pageSize: PAGE, pageToken, orderBy: 'display_name, version desc' }, { signal });
        return { items: answer.scales, next: answer.nextPageToken };
      }),
  });
}

export function useFrameworks() {
  const client = useClient(FrameworkService);
  const { trust } = useSession();
  return useQuery({
    queryKey: ['frameworks', trust],
    queryFn: ({ signal }) =>
      allPages<Framework>(400, async (pageToken) => {
        const answer = await client.listFrameworks({ parent: trust, pageSize: PAGE, pageToken, orderBy: 'display_name' }, { signal });
        return { items: answer.frameworks, next: answer.nextPageToken };
      }),
  });
}

export function useMappings() {
  const client = useClient(ImportService);
  const { trust } = useSession();
  return useQuery({
    queryKey: ['mappings', trust],
    queryFn: ({ signal }) =>
      allPages<ColumnMapping>(400, async (pageToken) => {
        const answer = await client.listColumnMappings({ parent: trust, pageSize: PAGE, pageToken, orderBy: 'display_name' }, { signal });
        return { items: answer.columnMappings, next: answer.nextPageToken };
      }),
  });
}

// The trust's own record.
export function useTrust() {
  const { clients } = useServices();
  const { trust } = useSession();
  return useQuery({ queryKey: ['trust', trust], queryFn: ({ signal }) => clients.organisation.getTrust({ name: trust }, { signal }) });
}
