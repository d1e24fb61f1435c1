// The queue of what was recorded on this device and is not yet acknowledged. A record is stored before it is sent, so closing the tab
// loses nothing; and it carries its request_id from the start, so sending it twice writes it once.
import type { JsonObject } from '@bufbuild/protobuf';
import type { Problem } from '../api/errors';
import { newRequestId } from '../api/ids';
import type { Device } from './db';
import type { Action, OutboxItem, RecordType } from './item';

export interface NewItem {
  action: Action;
  type: RecordType;
  parent?: string;
  name?: string;
  after?: string;
  record?: JsonObject;
  mask?: string[];
  label: string;
}

// Confirmed items are kept for some days, because a line that is added later refers to them.
const KEEP_CONFIRMED_MS = 3 * 24 * 60 * 60_000;
// A person who records this much without a network has other troubles; the limit keeps a faulty script from filling the device.
const MAX_ITEMS = 2000;

export class Outbox {
  private readonly listeners = new Set<() => void>();
  private readonly channel: BroadcastChannel | undefined;

  constructor(
    private readonly device: Device,
    private readonly now: () => number = Date.now,
    private readonly newId: () => string = newRequestId,
    channelName = 'fivestrand-outbox',
  ) {
    this.channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(channelName);
    if (this.channel) this.channel.onmessage = () => this.tell(false);
  }

  close(): void {
    this.channel?.close();
  }

  // Calls `listener` after every change, also of another tab. Returns how to stop.
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async add(owner: string, item: NewItem): Promise<OutboxItem> {
    const tx = this.device.transaction('outbox', 'readwrite', { durability: 'strict' });
    const mine = await tx.store.index('owner').getAll(owner);
    if (mine.length >= MAX_ITEMS) throw new Error('The device holds too many waiting records.');
    // Never equal to another one of the same person, so that the order of recording is the order of sending.
    const createdAt = Math.max(this.now(), ...mine.map((other) => other.createdAt + 1));
    const stored: OutboxItem = {
      id: this.newId(),
      owner,
      action: item.action,
      type: item.type,
      parent: item.parent ?? '',
      name: item.name ?? '',
      after: item.after,
      record: item.record ?? {},
      mask: item.mask ?? [],
      label: item.label,
      createdAt,
      attempts: 0,
      nextAttemptAt: 0,
      state: 'waiting',
    };
    await tx.store.add(stored);
    await tx.done;
    this.tell();
    return stored;
  }

  // Everything of one person, oldest first.
  async list(owner: string): Promise<OutboxItem[]> {
    const items = await this.device.getAllFromIndex('outbox', 'owner', owner);
    return items.sort((a, b) => a.createdAt - b.createdAt);
  }

  async get(id: string): Promise<OutboxItem | undefined> {
    return this.device.get('outbox', id);
  }

  // How many records of other people wait on this device. Only the number: what they are is theirs.
  async countOfOthers(owner: string): Promise<number> {
    const items = await this.device.getAll('outbox');
    return items.filter((item) => item.owner !== owner && item.state !== 'confirmed').length;
  }

  // Marks that an item is about to be sent and returns it as it will be sent; undefined when it is gone or need not be sent.
  async beginAttempt(id: string): Promise<OutboxItem | undefined> {
    return this.change(id, (item) => {
      if (item.state !== 'waiting') return undefined;
      return { ...item, attempts: item.attempts + 1, firstAttemptAt: item.firstAttemptAt ?? this.now() };
    });
  }

  async confirm(id: string, result: { name: string; etag: string }): Promise<OutboxItem | undefined> {
    return this.change(id, (item) => ({ ...item, state: 'confirmed', problem: undefined, result, confirmedAt: this.now() }));
  }

  async refuse(id: string, problem: Problem): Promise<OutboxItem | undefined> {
    return this.change(id, (item) => ({ ...item, state: 'refused', problem }));
  }

  async postpone(id: string, problem: Problem, nextAttemptAt: number): Promise<OutboxItem | undefined> {
    return this.change(id, (item) => ({ ...item, problem, nextAttemptAt }));
  }

  // Changes a record that waits, if it was never sent. Undefined when it was: then a change must follow it as an item of its own.
  async amendUnsent(id: string, fields: JsonObject, mask: string[]): Promise<OutboxItem | undefined> {
    return this.change(id, (item) => {
      if (item.state !== 'waiting' || item.attempts > 0 || item.action === 'delete' || item.action === 'undelete') return undefined;
      return {
        ...item,
        record: { ...item.record, ...fields },
        mask: item.action === 'update' ? [...new Set([...item.mask, ...mask])] : [],
      };
    });
  }

  // Takes an item back, if it was never sent. False when it was.
  async takeBackUnsent(id: string): Promise<boolean> {
    const tx = this.device.transaction('outbox', 'readwrite', { durability: 'strict' });
    const item = await tx.store.get(id);
    const possible = item !== undefined && item.state === 'waiting' && item.attempts === 0;
    if (possible) {
      await tx.store.delete(id);
      for (const other of await tx.store.index('owner').getAll(item.owner)) {
        if (other.after === id) await tx.store.delete(other.id);
      }
    }
    await tx.done;
    if (possible) this.tell();
    return possible;
  }

  // Puts a refused record back with other content: a new request, because the server has answered the old one.
  async correct(id: string, record: JsonObject, label?: string): Promise<OutboxItem | undefined> {
    const tx = this.device.transaction('outbox', 'readwrite', { durability: 'strict' });
    const item = await tx.store.get(id);
    let corrected: OutboxItem | undefined;
    if (item?.state === 'refused') {
      corrected = {
        ...item,
        id: this.newId(),
        record,
        label: label ?? item.label,
        state: 'waiting',
        problem: undefined,
        attempts: 0,
        firstAttemptAt: undefined,
        nextAttemptAt: 0,
      };
      await tx.store.delete(id);
      await tx.store.add(corrected);
      for (const other of await tx.store.index('owner').getAll(item.owner)) {
        if (other.after === id) await tx.store.put({ ...other, after: corrected.id });
      }
    }
    await tx.done;
    if (corrected) this.tell();
    return corrected;
  }

  // Throws a refused record away, and what was to follow it.
  async discard(id: string): Promise<void> {
    const tx = this.device.transaction('outbox', 'readwrite', { durability: 'strict' });
    const item = await tx.store.get(id);
    if (item && item.state === 'refused') {
      await tx.store.delete(id);
      for (const other of await tx.store.index('owner').getAll(item.owner)) {
        if (other.after === id && other.state !== 'confirmed') await tx.store.delete(other.id);
      }
    }
    await tx.done;
    this.tell();
  }

  // Forgets confirmed items that nothing can refer to any more.
  async tidy(owner: string): Promise<void> {
    const items = await this.list(owner);
    const needed = new Set(items.filter((item) => item.state !== 'confirmed').map((item) => item.after));
    const old = items.filter(
      (item) => item.state === 'confirmed' && !needed.has(item.id) && (item.confirmedAt ?? 0) < this.now() - KEEP_CONFIRMED_MS,
    );
    for (const item of old) await this.device.delete('outbox', item.id);
    if (old.length > 0) this.tell();
  }

  private async change(id: string, edit: (item: OutboxItem) => OutboxItem | undefined): Promise<OutboxItem | undefined> {
    const tx = this.device.transaction('outbox', 'readwrite', { durability: 'strict' });
    const item = await tx.store.get(id);
    const edited = item && edit(item);
    if (edited) await tx.store.put(edited);
    await tx.done;
    if (edited) this.tell();
    return edited;
  }

  private tell(others = true): void {
    for (const listener of this.listeners) listener();
    if (others) this.channel?.postMessage('changed');
  }
}
