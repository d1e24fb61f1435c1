// Runs what changes something in a coaching room, and then reads the room anew.
import { useQueryClient } from '@tanstack/react-query';
import type { CoachingCycle } from '../../gen/fivestrand/cpd/v1/coaching_pb';
import { useAction } from '../../ui/action';

export function useRoom(cycle: CoachingCycle) {
  const queries = useQueryClient();
  const { run, busy, problem } = useAction();
  // True when it was done.
  const act = (work: () => Promise<unknown>) =>
    run(async () => {
      await work();
      await Promise.all([queries.invalidateQueries({ queryKey: ['room', cycle.name] }), queries.invalidateQueries({ queryKey: ['cycles'] })]);
    });
  return { act, busy, problem };
}
