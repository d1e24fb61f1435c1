// What the portal keeps on the device. Everything is kept under the person whom it belongs to, and read only for that person.
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { OutboxItem } from './item';

interface Kept {
  // `[owner, key]`
  id: [string, string];
  value: unknown;
  time: number;
}

export interface DeviceSchema extends DBSchema {
  // Records that wait to be sent. They outlive a sign-out.
  outbox: { key: string; value: OutboxItem; indexes: { owner: string } };
  // The last answers that are needed to record without a network. Cleared at sign-out.
  snapshots: { key: [string, string]; value: Kept };
  // What is being typed.
  drafts: { key: [string, string]; value: Kept };
}

export type Device = IDBPDatabase<DeviceSchema>;

export function openDevice(name = 'fivestrand'): Promise<Device> {
  return openDB<DeviceSchema>(name, 1, {
    upgrade(db) {
      db.createObjectStore('outbox', { keyPath: 'id' }).createIndex('owner', 'owner');
      db.createObjectStore('snapshots', { keyPath: 'id' });
      db.createObjectStore('drafts', { keyPath: 'id' });
    },
    // Another tab runs a newer version: let it go on.
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
    },
  });
}

// A store of small values by person and key.
export class Keep {
  constructor(
    private readonly device: Device,
    private readonly store: 'snapshots' | 'drafts',
  ) {}

  async get<T>(owner: string, key: string): Promise<{ value: T; time: number } | undefined> {
    const kept = await this.device.get(this.store, [owner, key]);
    return kept && { value: kept.value as T, time: kept.time };
  }

  async put(owner: string, key: string, value: unknown): Promise<void> {
    await this.device.put(this.store, { id: [owner, key], value, time: Date.now() });
  }

  async remove(owner: string, key: string): Promise<void> {
    await this.device.delete(this.store, [owner, key]);
  }

  async clear(): Promise<void> {
    await this.device.clear(this.store);
  }
}
