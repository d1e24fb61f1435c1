// What screens ask of the device: the outbox of the person, drafts, the network, the time, and sheets that the back button closes.
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { OutboxItem } from '../offline/item';
import { Recorder } from '../offline/recorder';
import { useSession } from './auth';
import { useServices } from './services';

export function useOnline(): boolean {
  return useSyncExternalStore(
    (changed) => {
      window.addEventListener('online', changed);
      window.addEventListener('offline', changed);
      return () => {
        window.removeEventListener('online', changed);
        window.removeEventListener('offline', changed);
      };
    },
    () => navigator.onLine,
  );
}

// True from the first time on that `flag` is: for parts that are loaded when they are first needed and then stay.
export function useOnce(flag: boolean): boolean {
  const [seen, setSeen] = useState(flag);
  if (flag && !seen) setSeen(true);
  return seen || flag;
}

// The time, to the half minute.
export function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

// Everything of this person in the outbox, oldest first.
export function useOutbox(): OutboxItem[] {
  const { outbox } = useServices();
  const { person } = useSession();
  const [items, setItems] = useState<OutboxItem[]>([]);
  useEffect(() => {
    let current = true;
    const read = () => void outbox.list(person).then((list) => current && setItems(list));
    read();
    const stop = outbox.subscribe(read);
    return () => {
      current = false;
      stop();
    };
  }, [outbox, person]);
  return items;
}

export function useRecorder(): Recorder {
  const { outbox, sender } = useServices();
  const { person } = useSession();
  return useMemo(() => new Recorder(outbox, person, () => void sender.flush(true)), [outbox, person, sender]);
}

export interface Draft<T> {
  value: T;
  change: (fields: Partial<T>) => void;
  // Forgets the draft, after it is saved or thrown away.
  clear: () => Promise<void>;
  // True once it is known whether there was a draft.
  ready: boolean;
  // True when typing of an earlier time was brought back.
  restored: boolean;
}

// What is being typed under `key`: kept on the device while it is typed, so that neither a closed tab nor a sign-in in between loses it.
export function useDraft<T extends object>(key: string, initial: T): Draft<T> {
  const { drafts } = useServices();
  const { person } = useSession();
  const [state, setState] = useState({ value: initial, ready: false, restored: false });
  // Written at once, letter by letter; while one write is under way only the newest value waits for the next.
  const writer = useRef({ busy: false, next: undefined as { value: T } | undefined });
  const save = useCallback(
    async (value: T) => {
      const state = writer.current;
      state.next = { value };
      if (state.busy) return;
      state.busy = true;
      while (state.next) {
        const { value: newest } = state.next;
        state.next = undefined;
        await drafts.put(person, key, newest).catch(() => undefined);
      }
      state.busy = false;
    },
    [drafts, person, key],
  );

  useEffect(() => {
    let current = true;
    void drafts.get<T>(person, key).then((kept) => {
      if (!current) return;
      setState((before) => {
        if (before.ready) return before;
        return kept ? { value: { ...before.value, ...kept.value }, ready: true, restored: true } : { ...before, ready: true };
      });
    });
    return () => {
      current = false;
    };
  }, [drafts, person, key]);

  const latest = useRef(state.value);
  latest.current = state.value;
  const change = useCallback(
    (fields: Partial<T>) => {
      const value = { ...latest.current, ...fields };
      latest.current = value;
      setState((before) => ({ value, ready: true, restored: before.restored }));
      void save(value);
    },
    [save],
  );
  const clear = useCallback(async () => {
    writer.current.next = undefined;
    while (writer.current.busy) await new Promise((resolve) => setTimeout(resolve, 5));
    await drafts.remove(person, key);
  }, [drafts, person, key]);
  return { ...state, change, clear };
}

export interface Param {
  value: string | undefined;
  open: (value: string) => void;
  close: () => void;
}

// A sheet's state in the address, so that the back button closes it and a reload brings it back.
export function useParam(name: string): Param {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const value = new URLSearchParams(search).get(name) ?? undefined;
  const opened = useRef(false);
  const open = useCallback(
    (next: string) => {
      const params = new URLSearchParams(search);
      const replace = params.has(name);
      params.set(name, next);
      if (!replace) opened.current = true;
      navigate(`${path}?${params}`, { replace });
    },
    [search, path, name, navigate],
  );
  const close = useCallback(() => {
    if (opened.current) {
      opened.current = false;
      window.history.back();
      return;
    }
    const params = new URLSearchParams(search);
    params.delete(name);
    const rest = params.toString();
    navigate(rest ? `${path}?${rest}` : path, { replace: true });
  }, [search, path, name, navigate]);
  return { value, open, close };
}

// The improvement thread that what is recorded here answers, from the address; empty: none.
export function useAnsweredThread(): string {
  const { trust } = useSession();
  const id = new URLSearchParams(useSearch()).get('thread');
  return id && /^[a-z0-9-]+$/.test(id) ? `${trust}/improvementThreads/${id}` : '';
}
