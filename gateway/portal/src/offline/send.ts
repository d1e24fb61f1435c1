// How each kind of record travels: from an outbox item to the call that writes it.
import { create, fromJson, type JsonObject, type MessageShape } from '@bufbuild/protobuf';
import { FieldMaskSchema } from '@bufbuild/protobuf/wkt';
import type { Clients } from '../api/transport';
import { DropInSchema, DutySchema, ModelledLessonSchema, VisitSchema } from '../gen/fivestrand/leadership/v1/visibility_pb';
import type { OutboxItem, RecordType } from './item';
import type { Sent } from './sender';

export type AnyRecord = MessageShape<typeof DropInSchema | typeof DutySchema | typeof ModelledLessonSchema | typeof VisitSchema>;

// A record as it was stored; fields that this version does not know are ignored.
export function recordFromJson(type: RecordType, json: JsonObject): AnyRecord {
  const options = { ignoreUnknownFields: true };
  switch (type) {
    case 'dropIn':
      return fromJson(DropInSchema, json, options);
    case 'duty':
      return fromJson(DutySchema, json, options);
    case 'modelledLesson':
      return fromJson(ModelledLessonSchema, json, options);
    case 'visit':
      return fromJson(VisitSchema, json, options);
  }
}

export async function send(clients: Clients, item: OutboxItem, name: string, etag: string): Promise<Sent> {
  const record = await write(clients, item, name, etag);
  return { name: record.name, etag: record.etag, record };
}

function write(clients: Clients, item: OutboxItem, name: string, etag: string): Promise<AnyRecord> {
  const api = clients.visibility;
  const requestId = item.id;
  if (item.action === 'delete' || item.action === 'undelete') {
    const request = { name, requestId };
    switch (item.type) {
      case 'dropIn':
        return item.action === 'delete' ? api.deleteDropIn(request) : api.undeleteDropIn(request);
      case 'duty':
        return item.action === 'delete' ? api.deleteDuty(request) : api.undeleteDuty(request);
      case 'modelledLesson':
        return item.action === 'delete' ? api.deleteModelledLesson(request) : api.undeleteModelledLesson(request);
      case 'visit':
        return item.action === 'delete' ? api.deleteVisit(request) : api.undeleteVisit(request);
    }
  }
  const { parent } = item;
  const updateMask = create(FieldMaskSchema, { paths: item.mask });
  const json = item.action === 'update' ? { ...item.record, name, etag } : item.record;
  const record = recordFromJson(item.type, json);
  switch (record.$typeName) {
    case 'fivestrand.leadership.v1.DropIn':
      return item.action === 'create'
        ? api.createDropIn({ parent, dropIn: record, requestId })
        : api.updateDropIn({ dropIn: record, updateMask, requestId });
    case 'fivestrand.leadership.v1.Duty':
      return item.action === 'create'
        ? api.createDuty({ parent, duty: record, requestId })
        : api.updateDuty({ duty: record, updateMask, requestId });
    case 'fivestrand.leadership.v1.ModelledLesson':
      return item.action === 'create'
        ? api.createModelledLesson({ parent, modelledLesson: record, requestId })
        : api.updateModelledLesson({ modelledLesson: record, updateMask, requestId });
    case 'fivestrand.leadership.v1.Visit':
      return item.action === 'create'
        ? api.createVisit({ parent, visit: record, requestId })
        : api.updateVisit({ visit: record, updateMask, requestId });
  }
}

// The record that an earlier attempt may have written: same leader and same instant, to the millisecond, in the same school.
export async function findEarlier(clients: Clients, item: OutboxItem): Promise<Sent | undefined> {
  const startTime = item.record.startTime;
  if (typeof startTime !== 'string') return undefined;
  const filter = `leader = ${JSON.stringify(item.owner)} AND start_time = ${JSON.stringify(startTime)}`;
  const request = { parent: item.parent, filter, pageSize: 2 };
  const api = clients.visibility;
  const lists: Record<RecordType, () => Promise<AnyRecord[]>> = {
    dropIn: async () => (await api.listDropIns(request)).dropIns,
    duty: async () => (await api.listDuties(request)).duties,
    modelledLesson: async () => (await api.listModelledLessons(request)).modelledLessons,
    visit: async () => (await api.listVisits(request)).visits,
  };
  const [found] = await lists[item.type]();
  return found && { name: found.name, etag: found.etag, record: found };
}
