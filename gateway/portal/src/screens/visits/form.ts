// The fields of a visit as plain values that can be drafted, compared and merged.
import { create } from '@bufbuild/protobuf';
import { Visit_FollowUpSchema, VisitSchema, type Visit } from '../../gen/fivestrand/leadership/v1/visibility_pb';
import { clockOf, dayOf, fromProtoDate, instantOf, toInstant, toProtoDate, toTimestamp, type Day } from '../../model/dates';

export interface FollowUpFields {
  action: string;
  owner: string;
  due: Day | '';
  done: Day | '';
}

export type VisitFields = {
  school: string;
  day: Day;
  clock: string;
  purpose: string;
  seen: string;
  followUps: FollowUpFields[];
  privateNote: string;
};

const FIELDS: Record<keyof VisitFields, { path: string; label: string }> = {
  school: { path: '', label: 'School' },
  day: { path: 'start_time', label: 'Day' },
  clock: { path: 'start_time', label: 'Time' },
  purpose: { path: 'purpose', label: 'Purpose' },
  seen: { path: 'seen', label: 'What was seen' },
  followUps: { path: 'follow_ups', label: 'Follow-ups' },
  privateNote: { path: 'private_note', label: 'Private note' },
};

export function labelOf(field: string): string {
  return FIELDS[field as keyof VisitFields]?.label ?? field;
}

export function pathsOf(fields: string[]): string[] {
  return [...new Set(fields.map((field) => FIELDS[field as keyof VisitFields].path).filter(Boolean))];
}

export function fieldsOf(visit: Visit, school: string): VisitFields {
  const at = toInstant(visit.startTime) ?? new Date();
  return {
    school,
    day: dayOf(at),
    clock: clockOf(at),
    purpose: visit.purpose,
    seen: visit.seen,
    followUps: visit.followUps.map(({ action, owner, dueDate, doneDate }) => ({
      action,
      owner,
      due: fromProtoDate(dueDate) ?? '',
      done: fromProtoDate(doneDate) ?? '',
    })),
    privateNote: visit.privateNote,
  };
}

export function blankFields(school: string, now: Date): VisitFields {
  return { school, day: dayOf(now), clock: clockOf(now), purpose: '', seen: '', followUps: [], privateNote: '' };
}

export function visitOf(
  fields: VisitFields,
  base: { name?: string; etag?: string; leader?: string; startTime?: Visit['startTime']; improvementThread?: string },
): Visit {
  const before = toInstant(base.startTime);
  const unchanged = before && dayOf(before) === fields.day && clockOf(before) === fields.clock;
  return create(VisitSchema, {
    name: base.name ?? '',
    etag: base.etag ?? '',
    leader: base.leader ?? '',
    improvementThread: base.improvementThread ?? '',
    startTime: unchanged ? base.startTime : toTimestamp(instantOf(fields.day, fields.clock)),
    purpose: fields.purpose.trim(),
    seen: fields.seen.trim(),
    privateNote: fields.privateNote,
    followUps: fields.followUps
      .filter((followUp) => followUp.action.trim() !== '')
      .map(({ action, owner, due, done }) =>
        create(Visit_FollowUpSchema, {
          action: action.trim(),
          owner,
          dueDate: due ? toProtoDate(due) : undefined,
          doneDate: done ? toProtoDate(done) : undefined,
        }),
      ),
  });
}

// What is missing, by field.
export function missing(fields: VisitFields): Partial<Record<keyof VisitFields, string>> {
  return {
    ...(fields.school ? {} : { school: 'Choose a school' }),
    ...(fields.purpose.trim() ? {} : { purpose: 'Say in a few words what the visit is for' }),
    ...(/^\d{4}-\d{2}-\d{2}$/.test(fields.day) ? {} : { day: 'Choose a day' }),
    ...(/^\d{2}:\d{2}$/.test(fields.clock) ? {} : { clock: 'Choose a time' }),
  };
}
