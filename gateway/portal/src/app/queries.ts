// What is read from the services. The first part of a key says what it is, the second whose.
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { idOf } from '../api/names';
import type { Clients } from '../api/transport';
import type { SchoolClass } from '../gen/fivestrand/leadership/v1/organisation_pb';
import type { Duty, DropIn, ModelledLesson, Visit } from '../gen/fivestrand/leadership/v1/visibility_pb';
import { LeaderDaySchema, type LeaderDay } from '../gen/fivestrand/leadership/v1/visibility_service_pb';
import { addDays, instantOf, toProtoDate, today, type Day } from '../model/dates';
import { carryOver } from '../model/day';
import { useSession } from './auth';
import { useServices } from './services';

const PAGE = 200;
const HOUR = 60 * 60_000;

// All pages of a list, up to a number that no screen shows more of.
export async function allPages<T>(most: number, page: (pageToken: string) => Promise<{ items: T[]; next: string }>): Promise<T[]> {
  const all: T[] = [];
  let token = '';
  do {
    const { items, next } = await page(token);
    all.push(...items);
    token = next;
  } while (token && all.length < most);
  return all;
}

export const dayKey = (school: string, day: Day) => ['day', school, day] as const;

// A leader's day. Without a network it is the last one that this device has read, carried over to today.
export function useDay(school: string, day: Day) {
  const { clients, snapshots } = useServices();
  const { person } = useSession();
  const queries = useQueryClient();
  const key = `day ${school}`;
  useEffect(() => {
    if (day !== today()) return;
    void snapshots.get<Uint8Array>(person, key).then((kept) => {
      if (!kept || queries.getQueryData(dayKey(school, day))) return;
      const carried = carryOver(fromBinary(LeaderDaySchema, kept.value), day);
      queries.setQueryData(dayKey(school, day), carried, { updatedAt: kept.time });
    });
  }, [snapshots, person, key, queries, school, day]);
  return useQuery({
    queryKey: dayKey(school, day),
    queryFn: async ({ signal }) => {
      const answer = await clients.visibility.readDay({ school, date: toProtoDate(day) }, { signal });
      if (day === today()) await snapshots.put(person, key, toBinary(LeaderDaySchema, answer));
      return answer;
    },
  });
}

export interface OwnWeek {
  dropIns: DropIn[];
  duties: Duty[];
  modelledLessons: ModelledLesson[];
}

// The person's own records of the week that begins on `monday`.
export function useOwnWeek(school: string, monday: Day) {
  const { clients } = useServices();
  const { person } = useSession();
  return useQuery({
    queryKey: ['week', school, monday, person],
    queryFn: async ({ signal }): Promise<OwnWeek> => {
      const filter = `leader = ${JSON.stringify(person)} AND ${between(monday, addDays(monday, 7))}`;
      const request = { parent: school, filter, orderBy: 'start_time desc', pageSize: PAGE };
      const [dropIns, duties, modelledLessons] = await Promise.all([
        clients.visibility.listDropIns(request, { signal }),
        clients.visibility.listDuties(request, { signal }),
        clients.visibility.listModelledLessons(request, { signal }),
      ]);
      return { dropIns: dropIns.dropIns, duties: duties.duties, modelledLessons: modelledLessons.modelledLessons };
    },
  });
}

// Filter for records that start on or after the first day and before the second.
export function between(from: Day, before: Day): string {
  return `start_time >= ${JSON.stringify(instantOf(from, '00:00').toISOString())} AND start_time < ${JSON.stringify(instantOf(before, '00:00').toISOString())}`;
}

// Display names by resource name, kept on the device so that lists can be read without a network.
function useNames(
  kind: 'people' | 'subjects' | 'focuses',
  load: (clients: Clients, trust: string, signal: AbortSignal) => Promise<[string, string][]>,
) {
  const { clients, snapshots } = useServices();
  const { person, trust } = useSession();
  const queries = useQueryClient();
  useEffect(() => {
    void snapshots.get<[string, string][]>(person, kind).then((kept) => {
      if (!kept || queries.getQueryData([kind, trust])) return;
      queries.setQueryData([kind, trust], kept.value, { updatedAt: kept.time });
    });
  }, [snapshots, person, kind, trust, queries]);
  const query = useQuery({
    queryKey: [kind, trust],
    staleTime: HOUR,
    queryFn: async ({ signal }) => {
      const names = await load(clients, trust, signal);
      await snapshots.put(person, kind, names);
      return names;
    },
  });
  const { data } = query;
  return useMemo(() => new Map(data ?? []), [data]);
}

export function usePeople(): Map<string, string> {
  return useNames('people', (clients, trust, signal) =>
    allPages<[string, string]>(5000, async (pageToken) => {
      const answer = await clients.people.listPeople({ parent: trust, pageSize: PAGE, pageToken, orderBy: 'display_name' }, { signal });
      return { items: answer.people.map((person) => [person.name, person.displayName]), next: answer.nextPageToken };
    }),
  );
}

export function useSubjects(): Map<string, string> {
  return useNames('subjects', (clients, trust, signal) =>
    allPages<[string, string]>(400, async (pageToken) => {
      const answer = await clients.organisation.listSubjects(
        { parent: trust, pageSize: PAGE, pageToken, orderBy: 'display_name' },
        { signal },
      );
      return { items: answer.subjects.map((subject) => [subject.name, subject.displayName]), next: answer.nextPageToken };
    }),
  );
}

export function useFocuses(): Map<string, string> {
  return useNames('focuses', (clients, trust, signal) =>
    allPages<[string, string]>(200, async (pageToken) => {
      const answer = await clients.organisation.listTeachingFocuses(
        { parent: trust, pageSize: PAGE, pageToken, orderBy: 'position' },
        { signal },
      );
      return { items: answer.teachingFocuses.map((focus) => [focus.name, focus.displayName]), next: answer.nextPageToken };
    }),
  );
}

// The classes of one school by resource name, those of earlier years included: their records are still read.
export function useSchoolClasses(school: string | undefined): Map<string, SchoolClass> {
  const { clients } = useServices();
  const { data } = useQuery({
    queryKey: ['classes', school],
    enabled: Boolean(school),
    staleTime: HOUR,
    queryFn: ({ signal }) =>
      allPages<SchoolClass>(1000, async (pageToken) => {
        const answer = await clients.organisation.listSchoolClasses({ parent: school ?? '', pageSize: PAGE, pageToken }, { signal });
        return { items: answer.schoolClasses, next: answer.nextPageToken };
      }),
  });
  return useMemo(() => new Map((data ?? []).map((entry) => [entry.name, entry])), [data]);
}

// Their display names.
export function useClasses(school: string | undefined): Map<string, string> {
  const classes = useSchoolClasses(school);
  return useMemo(() => new Map([...classes].map(([name, entry]) => [name, entry.displayName])), [classes]);
}

// A name for people: the display name, or the id while it is not known.
export function nameIn(names: Map<string, string>, name: string): string {
  return names.get(name) ?? idOf(name);
}

export function useVisits(schools: string[]) {
  const { clients } = useServices();
  const from = addDays(today(), -400);
  return useQuery({
    queryKey: ['visits', schools.length === 1 ? schools[0] : schools.join(' ')],
    enabled: schools.length > 0,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<Visit[]> => {
      const lists = await inTurns(schools, 3, (parent) =>
        allPages<Visit>(1000, async (pageToken) => {
          const filter = `start_time >= ${JSON.stringify(instantOf(from, '00:00').toISOString())}`;
          const answer = await clients.visibility.listVisits(
            { parent, pageSize: PAGE, pageToken, filter, orderBy: 'start_time desc' },
            { signal },
          );
          return { items: answer.visits, next: answer.nextPageToken };
        }),
      );
      return lists.flat();
    },
  });
}

export function useCoverage(school: string, span: { from?: Day; to?: Day }, enabled = true) {
  const { clients } = useServices();
  return useQuery({
    queryKey: ['coverage', school, span.from, span.to],
    enabled,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      clients.visibility.readCoverage(
        { school, startDate: span.from ? toProtoDate(span.from) : undefined, endDate: span.to ? toProtoDate(span.to) : undefined },
        { signal },
      ),
  });
}

// Runs `work` on each of `inputs`, at most `width` at a time, and keeps their order.
export async function inTurns<A, B>(inputs: A[], width: number, work: (input: A) => Promise<B>): Promise<B[]> {
  const results: B[] = new Array<B>(inputs.length);
  let next = 0;
  const worker = async () => {
    while (next < inputs.length) {
      const index = next++;
      results[index] = await work(inputs[index] as A);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, inputs.length) }, worker));
  return results;
}

export type { LeaderDay };
