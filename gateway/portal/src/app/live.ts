// Keeps what is on the screen up to date: follows the changes of a school or the trust and refetches what they touch, quietly.
import type { QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { schoolOf } from '../api/names';
import { problemOf } from '../api/errors';
import { useServices } from './services';

export type LiveState = 'connecting' | 'live' | 'paused' | 'away';

// The server sends something at least every 15 s.
const SILENCE_MS = 40_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;
// Changes that come together are fetched together.
const GATHER_MS = 250;

// What each kind of record changes on the screens: the first part of the query keys.
const TOUCHES: Record<string, string[]> = {
  'fivestrand/DropIn': ['day', 'week', 'scoreboard', 'coverage', 'records'],
  'fivestrand/Duty': ['day', 'week', 'scoreboard', 'records'],
  'fivestrand/ModelledLesson': ['day', 'week', 'scoreboard', 'records'],
  'fivestrand/Visit': ['visits', 'scoreboard', 'records'],
  'fivestrand/SchoolClass': ['day', 'coverage', 'classes'],
  'fivestrand/AcademicYear': ['day', 'scoreboard'],
  'fivestrand/BankHoliday': ['day', 'scoreboard'],
  'fivestrand/Subject': ['subjects'],
  'fivestrand/TeachingFocus': ['focuses', 'day'],
  'fivestrand/Person': ['people'],
  'fivestrand/Concern': ['concerns', 'scoreboard', 'timeline', 'pace'],
  'fivestrand/ImprovementThread': ['threads', 'timeline', 'concerns', 'pace'],
  'fivestrand/ResultChange': ['grid', 'analysis', 'pupil-results'],
  'fivestrand/Pupil': ['pupils', 'pupil', 'grid'],
  'fivestrand/GroupMembership': ['pupil'],
  'fivestrand/AssessmentWindow': ['windows', 'grid'],
  'fivestrand/Scale': ['scales'],
  'fivestrand/Framework': ['frameworks'],
  'fivestrand/Course': ['courses'],
  'fivestrand/CpdEvent': ['events', 'event-names'],
  'fivestrand/Booking': ['events', 'event-bookings', 'called-off', 'learning-record', 'team', 'register', 'records'],
  'fivestrand/Evaluation': ['evaluations'],
  'fivestrand/CoachingCycle': ['cycles', 'room'],
  'fivestrand/CoachingSession': ['room'],
  'fivestrand/ActionStep': ['room', 'shared-steps'],
  'fivestrand/CheckIn': ['welfare'],
  'fivestrand/WelfareConcern': ['welfare'],
  'fivestrand/Support': ['welfare'],
  'fivestrand/WelfareFollowUp': ['welfare'],
  'fivestrand/WelfareNotice': ['welfare'],
  'fivestrand/PulseSurvey': ['pulses'],
  'fivestrand/ImprovementModel': ['scoreboard', 'model'],
};

export function refetchFor(queries: QueryClient, resourceType: string, resource: string): void {
  const school = schoolOf(resource);
  const kinds = TOUCHES[resourceType];
  if (!kinds) return;
  void queries.invalidateQueries({
    predicate: ({ queryKey: [kind, scope] }) =>
      kinds.includes(String(kind)) && (!school || typeof scope !== 'string' || !schoolOf(scope) || scope.includes(school)),
  });
}

function isHidden(): boolean {
  return document.visibilityState === 'hidden';
}

// Follows the changes of one service; its name goes along as metadata, for the gateway to find it.
export function useLive(parent: string | undefined, service: string): LiveState {
  const { clients, queries } = useServices();
  const [state, setState] = useState<LiveState>('connecting');
  useEffect(() => {
    if (!parent) return undefined;
    const touched = new Map<string, string>();
    let gather: ReturnType<typeof setTimeout> | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let silence: ReturnType<typeof setTimeout> | undefined;
    let running: AbortController | undefined;
    let failures = 0;
    let missedSome = false;
    let stopped = false;

    const flush = () => {
      gather = undefined;
      for (const [key, resource] of touched) refetchFor(queries, key.split(' ')[0] ?? '', resource);
      touched.clear();
    };
    const start = async () => {
      if (stopped || running || isHidden()) return;
      const controller = new AbortController();
      running = controller;
      const heard = () => {
        clearTimeout(silence);
        silence = setTimeout(() => controller.abort(), SILENCE_MS);
      };
      heard();
      try {
        for await (const change of clients.changes.watchChanges({ parent }, { signal: controller.signal, timeoutMs: 0, headers: { 'fivestrand-service': service } })) {
          heard();
          if (failures > 0 || missedSome) void queries.invalidateQueries({ refetchType: 'active' });
          failures = 0;
          missedSome = false;
          setState('live');
          if (!change.resource) continue;
          touched.set(`${change.resourceType} ${schoolOf(change.resource) ?? ''}`, change.resource);
          gather ??= setTimeout(flush, GATHER_MS);
        }
      } catch (error) {
        if (stopped) return;
        if (!controller.signal.aborted && problemOf(error).kind === 'session') {
          stopped = true;
          return;
        }
      } finally {
        clearTimeout(silence);
        running = undefined;
      }
      if (stopped) return;
      missedSome = true;
      failures += 1;
      if (isHidden()) return;
      if (failures > 1) setState('away');
      const delay = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 6));
      retry = setTimeout(() => void start(), delay * (0.75 + Math.random() / 2));
    };
    // A hidden page needs no stream, and a browser has few connections to one server.
    const onVisibility = () => {
      if (isHidden()) {
        clearTimeout(retry);
        running?.abort();
        setState('paused');
      } else {
        failures = 0;
        void start();
      }
    };
    const onOnline = () => {
      clearTimeout(retry);
      failures = 0;
      void start();
    };
    document.addEventListener('visibilitychange', onVisibility);
    window.addEventListener('online', onOnline);
    void start();
    return () => {
      stopped = true;
      document.removeEventListener('visibilitychange', onVisibility);
      window.removeEventListener('online', onOnline);
      clearTimeout(gather);
      clearTimeout(retry);
      clearTimeout(silence);
      running?.abort();
    };
  }, [parent, service, clients, queries]);
  return state;
}
