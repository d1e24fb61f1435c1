// What lives as long as the page: the clients, what is kept on the device, and the outbox with its sender.
import { QueryCache, QueryClient } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { mayBeTriedAgain, problemOf } from '../api/errors';
import { fetchSession } from '../api/session';
import type { DescService } from '@bufbuild/protobuf';
import { createClient, type Client, type Transport } from '@connectrpc/connect';
import { browserTransport, makeClients, type Clients } from '../api/transport';
import { Keep, openDevice } from '../offline/db';
import type { OutboxItem } from '../offline/item';
import { Outbox } from '../offline/outbox';
import { findEarlier, send } from '../offline/send';
import { Sender, type Sent } from '../offline/sender';

export interface Services {
  clients: Clients;
  transport: Transport;
  queries: QueryClient;
  outbox: Outbox;
  sender: Sender;
  snapshots: Keep;
  drafts: Keep;
  // Called when a call finds nobody signed in.
  onSessionEnded: { run: () => void };
  onConfirmed: { run: (item: OutboxItem, sent: Sent) => void };
}

export async function startServices(): Promise<Services> {
  const transport = browserTransport();
  const clients = makeClients(transport);
  const device = await openDevice();
  const outbox = new Outbox(device);
  const onSessionEnded = { run: () => undefined as void };
  const onConfirmed = { run: (_item: OutboxItem, _sent: Sent) => undefined as void };
  const sender = new Sender({
    outbox,
    whoIsSignedIn: async () => (await fetchSession())?.person,
    send: (item, name, etag) => send(clients, item, name, etag),
    findEarlier: (item) => findEarlier(clients, item),
    onConfirmed: (item, sent) => onConfirmed.run(item, sent),
    onSessionEnded: () => onSessionEnded.run(),
    isOnline: () => navigator.onLine,
    now: Date.now,
    schedule: (delay, run) => {
      const timer = setTimeout(run, delay);
      return () => clearTimeout(timer);
    },
    random: Math.random,
    exclusively: async (body) => {
      if (!navigator.locks) return body();
      await navigator.locks.request('fivestrand-sender', { ifAvailable: true }, async (lock) => {
        if (lock) await body();
      });
    },
  });
  const queries = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (problemOf(error).kind === 'session') onSessionEnded.run();
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        gcTime: 30 * 60_000,
        structuralSharing: false,
        networkMode: 'always',
        retry: (count, error) => count < 2 && mayBeTriedAgain(problemOf(error)) && navigator.onLine,
        retryDelay: (count) => 500 * 2 ** count,
      },
      mutations: { networkMode: 'always' },
    },
  });
  window.addEventListener('online', () => {
    void sender.flush(true);
    void queries.invalidateQueries({ predicate: (query) => query.state.status === 'error' || query.isActive() });
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void sender.flush();
  });
  return {
    clients,
    transport,
    queries,
    outbox,
    sender,
    onSessionEnded,
    onConfirmed,
    snapshots: new Keep(device, 'snapshots'),
    drafts: new Keep(device, 'drafts'),
  };
}

export const ServicesContext = createContext<Services | undefined>(undefined);

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error('no services');
  return services;
}

const made = new WeakMap<Transport, Map<DescService, unknown>>();

// The client of a service that only some screens need: its description then travels with these screens.
export function useClient<S extends DescService>(service: S): Client<S> {
  const { transport } = useServices();
  const clients = made.get(transport) ?? new Map<DescService, unknown>();
  made.set(transport, clients);
  if (!clients.has(service)) clients.set(service, createClient(service, transport));
  return clients.get(service) as Client<S>;
}
