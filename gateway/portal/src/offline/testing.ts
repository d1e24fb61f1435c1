// A device and a server for tests of the outbox: the device is a real IndexedDB in memory, the server writes each request_id once.
import 'fake-indexeddb/auto';
import { Code, ConnectError } from '@connectrpc/connect';
import { openDevice, type Device } from './db';
import type { OutboxItem } from './item';
import { Outbox } from './outbox';
import { Sender, type SenderParts, type Sent } from './sender';

let devices = 0;

export interface Bench {
  device: Device;
  outbox: Outbox;
  server: FakeServer;
  clock: { now: number };
  // Opens the same device again, as another start of the page does.
  reopen(): Promise<{ outbox: Outbox; sender: Sender }>;
  sender: Sender;
  // Runs what is scheduled, as if its time had come.
  runTimers(): Promise<void>;
  confirmed: string[];
  signedIn: { person: string | undefined };
  online: { value: boolean };
  sessionsEnded: { count: number };
}

export type Failure = ConnectError | TypeError | 'lost-answer';

export class FakeServer {
  readonly written: { requestId: string; action: string; record: OutboxItem['record']; name: string; etag: string }[] = [];
  // What the next calls meet; undefined lets one through.
  readonly failures: (Failure | undefined)[] = [];
  readonly calls: OutboxItem[] = [];
  private readonly answers = new Map<string, Sent>();

  async send(item: OutboxItem, name: string, etag: string): Promise<Sent> {
    this.calls.push(structuredClone(item));
    const failure = this.failures.shift();
    if (failure && failure !== 'lost-answer') throw failure;
    const known = this.answers.get(item.id);
    const sent = known ?? this.write(item, name, etag);
    if (failure === 'lost-answer') throw new TypeError('Failed to fetch');
    return sent;
  }

  private write(item: OutboxItem, name: string, etag: string): Sent {
    const sent = { name: name || `${item.parent}/things/${this.written.length + 1}`, etag: `e${this.written.length + 1}`, record: {} };
    this.written.push({ requestId: item.id, action: item.action, record: item.record, name: sent.name, etag });
    this.answers.set(item.id, sent);
    return sent;
  }

  // As after 24 hours.
  forgetRequestIds(): void {
    this.answers.clear();
  }
}

export async function makeBench(owner = 'trusts/t/people/amina'): Promise<Bench> {
  const name = `device-${++devices}`;
  const device = await openDevice(name);
  const server = new FakeServer();
  const clock = { now: Date.parse('2026-11-24T09:00:00Z') };
  const timers: (() => void)[] = [];
  const confirmed: string[] = [];
  const signedIn = { person: owner as string | undefined };
  const online = { value: true };
  const sessionsEnded = { count: 0 };
  const parts = (outbox: Outbox): SenderParts => ({
    outbox,
    whoIsSignedIn: async () => {
      if (!online.value) throw new TypeError('Failed to fetch');
      return signedIn.person;
    },
    send: (item, recordName, etag) => server.send(item, recordName, etag),
    findEarlier: async (item) => {
      const found = server.written.find((entry) => entry.record.startTime === item.record.startTime);
      return found && { name: found.name, etag: 'e', record: {} };
    },
    onConfirmed: (item) => confirmed.push(item.id),
    onSessionEnded: () => {
      sessionsEnded.count += 1;
    },
    isOnline: () => online.value,
    now: () => clock.now,
    schedule: (_delay, run) => {
      timers.push(run);
      return () => {
        const index = timers.indexOf(run);
        if (index >= 0) timers.splice(index, 1);
      };
    },
    random: () => 0.5,
    exclusively: (body) => body(),
  });
  const make = async (opened: Device) => {
    const outbox = new Outbox(opened, () => clock.now, undefined, name);
    const sender = new Sender(parts(outbox));
    sender.setOwner(owner);
    await sender.flush();
    return { outbox, sender };
  };
  const first = await make(device);
  return {
    device,
    ...first,
    server,
    clock,
    confirmed,
    signedIn,
    online,
    sessionsEnded,
    reopen: async () => make(await openDevice(name)),
    runTimers: async () => {
      const due = timers.splice(0);
      clock.now += 10 * 60_000;
      for (const run of due) run();
      await first.sender.flush();
    },
  };
}

export function refusal(code: Code): ConnectError {
  return new ConnectError('refused', code);
}
