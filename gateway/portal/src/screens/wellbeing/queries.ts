// What the wellbeing screens read. Texts are asked for one record at a time, because each reading of one is written down.
import type { Client } from '@connectrpc/connect';
import { useQuery } from '@tanstack/react-query';
import { allPages } from '../../app/queries';
import { useSession } from '../../app/auth';
import { useClient, useServices } from '../../app/services';
import { PulseService } from '../../gen/fivestrand/welfare/v1/pulse_service_pb';
import type { PulseSurvey } from '../../gen/fivestrand/welfare/v1/pulse_pb';
import { CheckIn_State, FollowUp_State, Support_Kind, Support_State, WelfareConcern_State, type CheckIn, type FollowUp, type Support, type WelfareConcern } from '../../gen/fivestrand/welfare/v1/welfare_pb';
import { WelfareService } from '../../gen/fivestrand/welfare/v1/welfare_service_pb';
import { today } from '../../model/dates';
import { reportsOn } from '../../model/wellbeing';

const PAGE = 200;
const MOST = 600;

export const CHECK_IN_WORDS: Record<CheckIn_State, string> = {
  [CheckIn_State.STATE_UNSPECIFIED]: '',
  [CheckIn_State.REQUESTED]: 'Asked for',
  [CheckIn_State.PLANNED]: 'Planned',
  [CheckIn_State.HELD]: 'Held',
  [CheckIn_State.CANCELLED]: 'Called off',
};
export const FOLLOW_UP_WORDS: Record<FollowUp_State, string> = {
  [FollowUp_State.STATE_UNSPECIFIED]: '',
  [FollowUp_State.OPEN]: 'To do',
  [FollowUp_State.DONE]: 'Done',
  [FollowUp_State.CANCELLED]: 'Called off',
};
export const SUPPORT_WORDS: Record<Support_Kind, string> = {
  [Support_Kind.KIND_UNSPECIFIED]: 'Support',
  [Support_Kind.WORKLOAD]: 'Workload, hours or duties',
  [Support_Kind.MENTOR]: 'Someone to talk to',
  [Support_Kind.OCCUPATIONAL_HEALTH]: 'Occupational health',
  [Support_Kind.EMPLOYEE_ASSISTANCE]: 'Employee assistance',
  [Support_Kind.PHASED_RETURN]: 'Phased return',
  [Support_Kind.OTHER]: 'Other support',
};

export const SUPPORT_STATES: Record<Support_State, string> = {
  [Support_State.STATE_UNSPECIFIED]: '',
  [Support_State.IN_PLACE]: 'In place',
  [Support_State.DONE]: 'Ended',
  [Support_State.WITHDRAWN]: 'Called off',
};
export const CONCERN_WORDS: Record<WelfareConcern_State, string> = {
  [WelfareConcern_State.STATE_UNSPECIFIED]: '',
  [WelfareConcern_State.RAISED]: 'New',
  [WelfareConcern_State.IN_HAND]: 'In hand',
  [WelfareConcern_State.CLOSED]: 'Closed',
};

export interface WelfareRecords {
  checkIns: CheckIn[];
  concerns: WelfareConcern[];
  supports: Support[];
  followUps: FollowUp[];
}

export function useWelfare(showEnded: boolean) {
  const client = useClient(WelfareService);
  const { trust } = useSession();
  return useQuery({
    queryKey: ['welfare', trust, showEnded],
    gcTime: 0,
    queryFn: async ({ signal }): Promise<WelfareRecords> => {
      const request = (pageToken: string) => ({ parent: trust, showEnded, pageSize: PAGE, pageToken });
      const [checkIns, concerns, supports, followUps] = await Promise.all([
        allPages<CheckIn>(MOST, async (token) => {
          const answer = await client.listCheckIns(request(token), { signal });
          return { items: answer.checkIns, next: answer.nextPageToken };
        }),
        allPages<WelfareConcern>(MOST, async (token) => {
          const answer = await client.listWelfareConcerns(request(token), { signal });
          return { items: answer.welfareConcerns, next: answer.nextPageToken };
        }),
        allPages<Support>(MOST, async (token) => {
          const answer = await client.listSupports(request(token), { signal });
          return { items: answer.supports, next: answer.nextPageToken };
        }),
        allPages<FollowUp>(MOST, async (token) => {
          const answer = await client.listFollowUps(request(token), { signal });
          return { items: answer.followUps, next: answer.nextPageToken };
        }),
      ]);
      return { checkIns, concerns, supports, followUps };
    },
  });
}

// One record with its texts. Each reading of it stands in the audit trail, so it is read again only when something was changed.
function useMatter<T>(name: string, read: (client: Client<typeof WelfareService>, signal: AbortSignal) => Promise<T>) {
  const client = useClient(WelfareService);
  return useQuery({
    queryKey: ['matter', name],
    gcTime: 0,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    queryFn: ({ signal }) => read(client, signal),
  });
}

export const useCheckIn = (name: string) => useMatter(name, (client, signal) => client.getCheckIn({ name }, { signal }));
export const useConcern = (name: string) => useMatter(name, (client, signal) => client.getWelfareConcern({ name }, { signal }));
export const useSupport = (name: string) => useMatter(name, (client, signal) => client.getSupport({ name }, { signal }));
export const useFollowUp = (name: string) => useMatter(name, (client, signal) => client.getFollowUp({ name }, { signal }));

// When the newest notice that this person has looked at was written; the frame of the portal points at newer ones.
export const NOTICE_SEEN = 'notice seen';
const NOTICE_MS = 5 * 60_000;

// Notices of opened seals that tell the person, and those that the person caused.
export function useNotices() {
  const client = useClient(WelfareService);
  const { trust } = useSession();
  return useQuery({
    queryKey: ['welfare', trust, 'notices'],
    refetchInterval: NOTICE_MS,
    queryFn: async ({ signal }) => (await client.listNotices({ parent: trust, pageSize: 50 }, { signal })).notices,
  });
}

// Those whom the person line-manages today.
export function useReports() {
  const { clients } = useServices();
  const { trust, person } = useSession();
  return useQuery({
    queryKey: ['reports', trust, person],
    queryFn: async ({ signal }) => {
      const filter = `manager = ${JSON.stringify(person)}`;
      const { lineManagements } = await clients.people.listLineManagements({ parent: trust, pageSize: PAGE, filter }, { signal });
      return reportsOn(lineManagements, today());
    },
  });
}

// Who may hold what somebody hands over is decided by the service; those who probably may come first.
export function useOfficers() {
  const { clients } = useServices();
  const { trust } = useSession();
  return useQuery({
    queryKey: ['officers', trust],
    queryFn: async ({ signal }) => {
      const kinds = await Promise.all(
        ['CEO', 'TRUST_OFFICER'].map((kind) => clients.people.listPosts({ parent: trust, pageSize: PAGE, filter: `kind = "${kind}"` }, { signal })),
      );
      return [...new Set(kinds.flatMap(({ posts }) => posts.map(({ person }) => person)))];
    },
  });
}

export function useOpenPulses() {
  const client = useClient(PulseService);
  const { trust } = useSession();
  return useQuery({ queryKey: ['pulses', trust, 'open'], queryFn: async ({ signal }) => (await client.listOpenPulses({ parent: trust }, { signal })).openPulses });
}

export function usePulses() {
  const client = useClient(PulseService);
  const { trust } = useSession();
  return useQuery({
    queryKey: ['pulses', trust, 'all'],
    queryFn: ({ signal }) =>
      allPages<PulseSurvey>(200, async (pageToken) => {
        const answer = await client.listPulseSurveys({ parent: trust, pageSize: PAGE, pageToken, orderBy: 'close_time desc' }, { signal });
        return { items: answer.pulseSurveys, next: answer.nextPageToken };
      }),
  });
}
