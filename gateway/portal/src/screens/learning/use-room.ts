// Reads a coaching room anew after something in it was changed.
import { useQueryClient } from '@tanstack/react-query';
import type { CoachingCycle } from '../../gen/fivestrand/cpd/v1/coaching_pb';

export function useRoom(cycle: CoachingCycle) {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ['room', cycle.name] });
}
