// Runs a write: one at a time, with its problem shown where the button is.
import { useRef, useState, type ReactNode } from 'react';
import { ProblemNote } from './parts';

export interface Action {
  run: (work: () => Promise<void>) => Promise<boolean>;
  busy: boolean;
  // Null while there is none.
  problem: ReactNode;
}

export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const running = useRef(false);
  const run = async (work: () => Promise<void>): Promise<boolean> => {
    if (running.current) return false;
    running.current = true;
    setBusy(true);
    setError(undefined);
    try {
      await work();
      return true;
    } catch (caught) {
      setError(caught);
      return false;
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { run, busy, problem: error === undefined ? null : <ProblemNote error={error} /> };
}
