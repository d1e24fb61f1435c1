// One thing that a person did and that the server must hear of, exactly once.
import type { JsonObject } from '@bufbuild/protobuf';
import type { Problem } from '../api/errors';

export type RecordType = 'dropIn' | 'duty' | 'modelledLesson' | 'visit';
export type Action = 'create' | 'update' | 'delete' | 'undelete';
export type ItemState = 'waiting' | 'confirmed' | 'refused';

export interface OutboxItem {
  // The request_id: made once, sent with every attempt, so that the server writes it at most once.
  id: string;
  // The person who did it. Nobody else's session ever sends it.
  owner: string;
  action: Action;
  type: RecordType;
  // The school, for create.
  parent: string;
  // The record, for the other actions; empty while the item before it is not confirmed.
  name: string;
  // The item that must be confirmed first, because it makes what this one is about.
  after?: string;
  // The record as protobuf JSON: whole for create, the fields of `mask` for update.
  record: JsonObject;
  mask: string[];
  // What it is, as a person says it.
  label: string;
  createdAt: number;
  attempts: number;
  // When it was first sent. From then on its content may not change any more.
  firstAttemptAt?: number;
  nextAttemptAt: number;
  state: ItemState;
  problem?: Problem;
  result?: { name: string; etag: string };
  confirmedAt?: number;
}
