// What the screens do with records: record, add to it, take it back, remove, bring back. Each works with and without a network.
import { toJson, type JsonObject } from '@bufbuild/protobuf';
import { DropInSchema, DutySchema, ModelledLessonSchema, VisitSchema } from '../gen/fivestrand/leadership/v1/visibility_pb';
import type { OutboxItem, RecordType } from './item';
import type { Outbox } from './outbox';
import type { AnyRecord } from './send';

export class Recorder {
  constructor(
    private readonly outbox: Outbox,
    private readonly owner: string,
    private readonly sendNow: () => void,
  ) {}

  async record(parent: string, record: AnyRecord, label: string): Promise<OutboxItem> {
    const item = await this.outbox.add(this.owner, { action: 'create', type: typeOf(record), parent, record: jsonOf(record), label });
    this.sendNow();
    return item;
  }

  // Adds to what `created` recorded, whether it is sent, being sent or waiting.
  async add(created: OutboxItem, fields: JsonObject, mask: string[]): Promise<void> {
    const last = await this.lastOf(created);
    if (!(await this.outbox.amendUnsent(last.id, fields, mask))) {
      await this.outbox.add(this.owner, {
        action: 'update',
        type: created.type,
        after: last.id,
        record: fields,
        mask,
        label: created.label,
      });
    }
    this.sendNow();
  }

  // Undoes a recording. Returns what would undo that again, or undefined when the record never left the device.
  async takeBack(created: OutboxItem): Promise<OutboxItem | undefined> {
    if (await this.outbox.takeBackUnsent(created.id)) return undefined;
    const last = await this.lastOf(created);
    const item = await this.outbox.add(this.owner, { action: 'delete', type: created.type, after: last.id, label: created.label });
    this.sendNow();
    return item;
  }

  async remove(type: RecordType, name: string, label: string): Promise<OutboxItem> {
    const item = await this.outbox.add(this.owner, { action: 'delete', type, name, label });
    this.sendNow();
    return item;
  }

  // Undoes `removed`, which remove() or takeBack() returned.
  async bringBack(removed: OutboxItem): Promise<void> {
    if (await this.outbox.takeBackUnsent(removed.id)) return;
    await this.outbox.add(this.owner, {
      action: 'undelete',
      type: removed.type,
      name: removed.name,
      after: removed.id,
      label: removed.label,
    });
    this.sendNow();
  }

  // The newest item of the chain that begins with `created`.
  private async lastOf(created: OutboxItem): Promise<OutboxItem> {
    const items = await this.outbox.list(this.owner);
    let last = items.find((item) => item.id === created.id) ?? created;
    for (let next: OutboxItem | undefined = last; next; next = items.find((item) => item.after === last.id)) last = next;
    return last;
  }
}

export function typeOf(record: AnyRecord): RecordType {
  switch (record.$typeName) {
    case 'fivestrand.leadership.v1.DropIn':
      return 'dropIn';
    case 'fivestrand.leadership.v1.Duty':
      return 'duty';
    case 'fivestrand.leadership.v1.ModelledLesson':
      return 'modelledLesson';
    case 'fivestrand.leadership.v1.Visit':
      return 'visit';
  }
}

export function jsonOf(record: AnyRecord): JsonObject {
  switch (record.$typeName) {
    case 'fivestrand.leadership.v1.DropIn':
      return toJson(DropInSchema, record) as JsonObject;
    case 'fivestrand.leadership.v1.Duty':
      return toJson(DutySchema, record) as JsonObject;
    case 'fivestrand.leadership.v1.ModelledLesson':
      return toJson(ModelledLessonSchema, record) as JsonObject;
    case 'fivestrand.leadership.v1.Visit':
      return toJson(VisitSchema, record) as JsonObject;
  }
}
