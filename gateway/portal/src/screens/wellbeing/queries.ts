// What the wellbeing screens read. Texts are asked for one record at a time, because each reading of one is written down.
import { useQuery } from '@tanstack/react-query';
import { allPages } from '../../app/queries';
import { useSession } from '../../app/auth';
import { useClient } from '../../app/services';
import { PulseService } from '../../gen/fivestrand/welfare/v1/pulse_service_pb';
import type { PulseSurvey } from '../../gen/fivestrand/welfare/v1/pulse_pb';
import { CheckIn_State, FollowUp_State, Support_Kind, type CheckIn, type FollowUp, type Support, type WelfareConcern } from '../../gen/fivestrand/welfare/v1/welfare_pb';
import { WelfareService } from '../../gen/fivestrand/welfare/v1/welfare_service_pb';

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

export function useCheckIn(name: string) {
  const client = useClient(WelfareService);
  return useQuery({
    queryKey: ['welfare', name],
    gcTime: 0,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    queryFn: ({ signal }) => client.getCheckIn({ name }, { signal }),
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
