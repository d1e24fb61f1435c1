// Sends what waits in the outbox: one at a time, in the order of recording, until each is confirmed or refused.
import { mayBeTriedAgain, problemOf, type Problem } from '../api/errors';
import type { OutboxItem } from './item';
import type { Outbox } from './outbox';

export interface Sent {
  name: string;
  etag: string;
  // The record as the server has it now.
  record: unknown;
}

export interface SenderParts {
  outbox: Outbox;
  // The person whose cookie the browser would send now; undefined when nobody is signed in. Throws when the server is not reached.
  whoIsSignedIn(): Promise<string | undefined>;
  // `name` and `etag` are those of the record as the item before left it; the etag is empty when none is known.
  send(item: OutboxItem, name: string, etag: string): Promise<Sent>;
  // Looks for the record of an earlier attempt. Asked when an attempt is so old that the server no longer remembers its request_id.
  findEarlier(item: OutboxItem): Promise<Sent | undefined>;
  onConfirmed(item: OutboxItem, sent: Sent): void;
  onSessionEnded(): void;
  isOnline(): boolean;
  now(): number;
  schedule(delayMs: number, run: () => void): () => void;
  random(): number;
  // Runs `body` in one tab at a time; does nothing when another tab is at it.
  exclusively(body: () => Promise<void>): Promise<void>;
}

// The server remembers a request_id for 24 hours.
const REMEMBERED_MS = 20 * 60 * 60_000;
const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 5 * 60_000;

export class Sender {
  private running: Promise<void> | undefined;
  private again = false;
  private forced = false;
  private cancelTimer: (() => void) | undefined;
  private owner: string | undefined;

  constructor(private readonly parts: SenderParts) {}

  // Sends only for this person from now on; undefined stops it.
  setOwner(owner: string | undefined): void {
    this.owner = owner;
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    if (owner) void this.flush(true);
  }

  // Sends what is due; with `force` also what waits for a later attempt. Returns when nothing more can be sent now.
  flush(force = false): Promise<void> {
    this.forced ||= force;
    if (this.running) {
      this.again = true;
      return this.running;
    }
    this.running = this.loop().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async loop(): Promise<void> {
    do {
      this.again = false;
      const force = this.forced;
      this.forced = false;
      await this.parts.exclusively(() => this.pass(force));
    } while (this.again);
  }

  private async pass(force: boolean): Promise<void> {
    const owner = this.owner;
    if (!owner) return;
    const waiting = (await this.parts.outbox.list(owner)).filter((item) => item.state === 'waiting');
    if (waiting.length === 0) return;
    if (!force && !this.parts.isOnline()) return;
    const now = this.parts.now();
    const due = waiting.filter((item) => force || item.nextAttemptAt <= now);
    if (due.length === 0) {
      this.scheduleFor(waiting);
      return;
    }
    // The cookie may have become somebody else's in another tab since this page was opened.
    try {
      const person = await this.parts.whoIsSignedIn();
      if (person === undefined) this.parts.onSessionEnded();
      if (person !== owner) return;
    } catch (error) {
      await this.postpone(due[0] as OutboxItem, problemOf(error));
      this.scheduleFor(await this.stillWaiting(owner));
      return;
    }
    for (const item of due) {
      if (this.owner !== owner) return;
      if (!(await this.attempt(item.id))) break;
    }
    this.scheduleFor(await this.stillWaiting(owner));
  }

  // False when nothing after it should be tried now.
  private async attempt(id: string): Promise<boolean> {
    const { outbox } = this.parts;
    const before = await outbox.get(id);
    if (before?.state !== 'waiting') return true;
    let name = before.name;
    let etag = '';
    if (before.after) {
      const parent = await outbox.get(before.after);
      if (parent?.state === 'refused' && before.action === 'delete') {
        // It was to be taken back, and the server never took it: both are done with.
        await outbox.discard(parent.id);
        return true;
      }
      if (!parent?.result) return true;
      ({ name, etag } = parent.result);
    }
    const lastTry = before.firstAttemptAt;
    const item = await outbox.beginAttempt(id);
    if (!item) return true;
    try {
      const forgotten = item.action === 'create' && lastTry !== undefined && this.parts.now() - lastTry > REMEMBERED_MS;
      const sent = (forgotten ? await this.parts.findEarlier(item) : undefined) ?? (await this.parts.send(item, name, etag));
      await outbox.confirm(id, { name: sent.name, etag: sent.etag });
      this.parts.onConfirmed(item, sent);
      return true;
    } catch (error) {
      return this.settle(item, problemOf(error));
    }
  }

  private async settle(item: OutboxItem, problem: Problem): Promise<boolean> {
    if (problem.kind === 'session') {
      await this.postpone(item, problem);
      this.parts.onSessionEnded();
      return false;
    }
    if (mayBeTriedAgain(problem)) {
      await this.postpone(item, problem);
      // A fault may lie in this one record; whatever else it is will meet the next one as well.
      return problem.kind === 'fault';
    }
    if (item.action === 'delete' && (problem.reason === 'RESOURCE_NOT_FOUND' || problem.reason === 'RESOURCE_DELETED')) {
      // Gone is what was wanted.
      await this.parts.outbox.confirm(item.id, { name: item.name, etag: '' });
      return true;
    }
    await this.parts.outbox.refuse(item.id, problem);
    return true;
  }

  private async postpone(item: OutboxItem, problem: Problem): Promise<void> {
    const exponential = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(Math.max(item.attempts - 1, 0), 12));
    const delay = problem.retryAfterMs ?? exponential * (0.75 + this.parts.random() / 2);
    await this.parts.outbox.postpone(item.id, problem, this.parts.now() + delay);
  }

  private async stillWaiting(owner: string): Promise<OutboxItem[]> {
    return (await this.parts.outbox.list(owner)).filter((item) => item.state === 'waiting');
  }

  private scheduleFor(waiting: OutboxItem[]): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    // What follows an item that is refused waits for a person, not for a time.
    const times = waiting.filter((item) => item.nextAttemptAt > 0).map((item) => item.nextAttemptAt);
    if (times.length === 0) return;
    const delay = Math.max(250, Math.min(...times) - this.parts.now());
    this.cancelTimer = this.parts.schedule(delay, () => void this.flush());
  }
}
