// The editable fields of each kind of record, as plain values that can be drafted, compared and merged.
import { create } from '@bufbuild/protobuf';
import {
  Duty_Kind,
  DropInSchema,
  DutySchema,
  ModelledLessonSchema,
  type DropIn,
  type Duty,
  type ModelledLesson,
} from '../../gen/fivestrand/leadership/v1/visibility_pb';
import type { PupilGroup } from '../../gen/fivestrand/type/v1/school_pb';
import { clockOf, dayOf, instantOf, toInstant, toTimestamp } from '../../model/dates';

export type Editable = DropIn | Duty | ModelledLesson;

export type Fields = {
  clock: string;
  subject: string;
  teacher: string;
  focus: string;
  wentWell: string;
  evenBetterIf: string;
  pupilGroups: PupilGroup[];
  kind: Duty_Kind;
  note: string;
  observers: string[];
  whatWasModelled: string;
};

// Names of the fields in the contract, for the update mask, and as people say them.
const FIELDS: Record<keyof Fields, { path: string; label: string; of: Editable['$typeName'][] }> = {
  clock: {
    path: 'start_time',
    label: 'Time',
    of: ['fivestrand.leadership.v1.DropIn', 'fivestrand.leadership.v1.Duty', 'fivestrand.leadership.v1.ModelledLesson'],
  },
  subject: { path: 'subject', label: 'Subject', of: ['fivestrand.leadership.v1.DropIn', 'fivestrand.leadership.v1.ModelledLesson'] },
  teacher: { path: 'teacher', label: 'Teacher', of: ['fivestrand.leadership.v1.DropIn'] },
  focus: { path: 'focus', label: 'Focus', of: ['fivestrand.leadership.v1.DropIn', 'fivestrand.leadership.v1.ModelledLesson'] },
  wentWell: { path: 'went_well', label: 'Went well', of: ['fivestrand.leadership.v1.DropIn'] },
  evenBetterIf: { path: 'even_better_if', label: 'Even better if', of: ['fivestrand.leadership.v1.DropIn'] },
  pupilGroups: { path: 'pupil_groups', label: 'Pupils looked at', of: ['fivestrand.leadership.v1.DropIn'] },
  kind: { path: 'kind', label: 'Duty', of: ['fivestrand.leadership.v1.Duty'] },
  note: { path: 'note', label: 'Note', of: ['fivestrand.leadership.v1.Duty'] },
  observers: { path: 'observers', label: 'Who watched', of: ['fivestrand.leadership.v1.ModelledLesson'] },
  whatWasModelled: { path: 'what_was_modelled', label: 'What was modelled', of: ['fivestrand.leadership.v1.ModelledLesson'] },
};

const BLANK: Fields = {
  clock: '',
  subject: '',
  teacher: '',
  focus: '',
  wentWell: '',
  evenBetterIf: '',
  pupilGroups: [],
  kind: Duty_Kind.KIND_UNSPECIFIED,
  note: '',
  observers: [],
  whatWasModelled: '',
};

export function labelOf(field: string): string {
  return FIELDS[field as keyof Fields]?.label ?? field;
}

export function pathsOf(fields: string[]): string[] {
  return fields.map((field) => FIELDS[field as keyof Fields].path);
}

export function fieldsOf(record: Editable): Fields {
  const values: Record<string, unknown> = { ...BLANK };
  const source = record as unknown as Record<string, unknown>;
  for (const [field, { of }] of Object.entries(FIELDS)) {
    if (of.includes(record.$typeName) && field !== 'clock') values[field] = source[field] ?? BLANK[field as keyof Fields];
  }
  const at = toInstant(record.startTime);
  return { ...(values as Fields), clock: at ? clockOf(at) : '' };
}

// The record with these fields, for an update under the etag of `record`.
export function withFields(record: Editable, fields: Fields): Editable {
  const at = toInstant(record.startTime) ?? new Date();
  const startTime = fields.clock && fields.clock !== clockOf(at) ? toTimestamp(instantOf(dayOf(at), fields.clock)) : record.startTime;
  const { name, etag } = record;
  switch (record.$typeName) {
    case 'fivestrand.leadership.v1.DropIn': {
      const { subject, teacher, focus, wentWell, evenBetterIf, pupilGroups } = fields;
      return create(DropInSchema, {
        name,
        etag,
        startTime,
        schoolClass: record.schoolClass,
        subject,
        teacher,
        focus,
        wentWell,
        evenBetterIf,
        pupilGroups,
      });
    }
    case 'fivestrand.leadership.v1.Duty':
      return create(DutySchema, { name, etag, startTime, kind: fields.kind, note: fields.note });
    case 'fivestrand.leadership.v1.ModelledLesson': {
      const { subject, focus, observers, whatWasModelled } = fields;
      return create(ModelledLessonSchema, {
        name,
        etag,
        startTime,
        schoolClass: record.schoolClass,
        subject,
        focus,
        observers,
        whatWasModelled,
      });
    }
  }
}
