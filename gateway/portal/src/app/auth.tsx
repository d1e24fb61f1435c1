// Who is signed in, on this page and on the other open ones.
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { fetchSession, signIn, signOut, type Session } from '../api/session';
import { useServices } from './services';

type State =
  | { status: 'loading' }
  // `ended`: it ran out while somebody worked. `unreachable`: nobody can say who is signed in.
  | { status: 'out'; why: 'signed-out' | 'ended' | 'unreachable' }
  | { status: 'in'; session: Session };

interface Auth {
  state: State;
  signIn(person: string): Promise<void>;
  signOut(): Promise<void>;
  retry(): void;
}

const AuthContext = createContext<Auth | undefined>(undefined);

// The last person on this device, so that the portal opens without a network. Holds no secret: the cookie alone opens anything.
const REMEMBERED = 'fivestrand-session';
// Set when somebody signed out without a network: the server hears of it as soon as it can be reached.
const LEAVING = 'fivestrand-leaving';

function remembered(): Session | undefined {
  try {
    const text = localStorage.getItem(REMEMBERED);
    return text ? (JSON.parse(text) as Session) : undefined;
  } catch {
    return undefined;
  }
}

function remember(session: Session | undefined): void {
  try {
    if (session) localStorage.setItem(REMEMBERED, JSON.stringify(session));
    else localStorage.removeItem(REMEMBERED);
  } catch {
    // Without storage the portal works, but does not open without a network.
  }
}

export function AuthProvider({ children }: { children: ReactNode }) {
  const services = useServices();
  const [state, setState] = useState<State>(() => {
    const session = remembered();
    return session ? { status: 'in', session } : { status: 'loading' };
  });

  // Forgets what was read for somebody. What they recorded and is not sent stays, for them.
  const forget = useCallback(async () => {
    services.sender.setOwner(undefined);
    services.queries.clear();
    remember(undefined);
    await services.snapshots.clear();
  }, [services]);

  const check = useCallback(async () => {
    try {
      if (localStorage.getItem(LEAVING)) {
        await signOut();
        localStorage.removeItem(LEAVING);
      }
      const session = await fetchSession();
      const before = remembered();
      if (before && before.person !== session?.person) {
        // A session that ran out leaves what the same person needs to go on; another person finds nothing of it.
        if (session) await forget();
        else services.sender.setOwner(undefined);
      }
      if (session) remember(session);
      setState((now) => {
        if (session) return { status: 'in', session };
        // Several calls may find out at once: the first of them knows that somebody was at work.
        return now.status === 'out' ? now : { status: 'out', why: now.status === 'in' ? 'ended' : 'signed-out' };
      });
    } catch {
      // Nobody answered: go on with the person who was here last, if there is one.
      setState((now) => (now.status === 'loading' ? { status: 'out', why: 'unreachable' } : now));
    }
  }, [forget, services]);

  useEffect(() => {
    void check();
    const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('fivestrand-session');
    if (channel) channel.onmessage = () => void check();
    const onReturn = () => {
      if (document.visibilityState === 'visible') void check();
    };
    document.addEventListener('visibilitychange', onReturn);
    return () => {
      channel?.close();
      document.removeEventListener('visibilitychange', onReturn);
    };
  }, [check]);

  useEffect(() => {
    services.onSessionEnded.run = () => void check();
  }, [check, services]);

  const owner = state.status === 'in' ? state.session.person : undefined;
  useEffect(() => {
    services.sender.setOwner(owner);
    if (owner) void services.outbox.tidy(owner);
  }, [owner, services]);

  const auth = useMemo<Auth>(
    () => ({
      state,
      async signIn(person) {
        await signIn(person);
        await check();
        tellOtherTabs();
      },
      async signOut() {
        localStorage.setItem(LEAVING, 'yes');
        await forget();
        await services.drafts.clear();
        await signOut().then(
          () => localStorage.removeItem(LEAVING),
          () => undefined,
        );
        setState({ status: 'out', why: 'signed-out' });
        // The next person begins at their own start, not where this one was.
        window.history.replaceState(null, '', '/');
        tellOtherTabs();
      },
      retry: () => void check(),
    }),
    [state, check, forget, services],
  );
  return <AuthContext.Provider value={auth}>{children}</AuthContext.Provider>;
}

function tellOtherTabs(): void {
  if (typeof BroadcastChannel === 'undefined') return;
  const channel = new BroadcastChannel('fivestrand-session');
  channel.postMessage('changed');
  channel.close();
}

export function useAuth(): Auth {
  const auth = useContext(AuthContext);
  if (!auth) throw new Error('no auth');
  return auth;
}

const SessionContext = createContext<Session | undefined>(undefined);
export const SessionProvider = SessionContext.Provider;

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('no session');
  return session;
}
