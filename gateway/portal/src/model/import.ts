// Reading a file's first line, guessing what its columns mean, and addressing the upload.
import {
  ColumnMapping_Field as Field,
  ColumnMapping_Shape as Shape,
  ImportKind,
  type ColumnMapping_Column,
} from '../gen/fivestrand/assessment/v1/import_mapping_pb';
import { GroupMembership_Group as Group } from '../gen/fivestrand/assessment/v1/pupils_pb';

export const FIELD_WORDS: Record<Field, string> = {
  [Field.FIELD_UNSPECIFIED]: 'Leave out',
  [Field.UPN]: 'UPN',
  [Field.GIVEN_NAME]: 'Given name',
  [Field.FAMILY_NAME]: 'Family name',
  [Field.SEX]: 'Sex',
  [Field.BIRTH_DATE]: 'Date of birth',
  [Field.SCHOOL]: 'School',
  [Field.YEAR_GROUP]: 'Year group',
  [Field.START_DATE]: 'First day',
  [Field.END_DATE]: 'Last day',
  [Field.SCHOOL_CLASS]: 'Class',
  [Field.PRIOR_ATTAINMENT]: 'Prior attainment',
  [Field.GROUP]: 'Group',
  [Field.GROUP_DETAIL]: 'Need or ethnicity code',
  [Field.SUBJECT]: 'Subject',
  [Field.WINDOW]: 'Window',
  [Field.RESULT]: 'Result',
  [Field.SEN_STATUS]: 'SEN status',
};

const OF_KIND: Record<ImportKind, Field[]> = {
  [ImportKind.IMPORT_KIND_UNSPECIFIED]: [],
  [ImportKind.PUPILS]: [
    Field.UPN,
    Field.GIVEN_NAME,
    Field.FAMILY_NAME,
    Field.SEX,
    Field.BIRTH_DATE,
    Field.SCHOOL,
    Field.YEAR_GROUP,
    Field.SCHOOL_CLASS,
    Field.PRIOR_ATTAINMENT,
    Field.START_DATE,
    Field.END_DATE,
  ],
  [ImportKind.GROUPS]: [Field.UPN, Field.GROUP, Field.GROUP_DETAIL, Field.SEN_STATUS, Field.START_DATE, Field.END_DATE],
  [ImportKind.RESULTS]: [Field.UPN, Field.SUBJECT, Field.WINDOW, Field.RESULT],
};

export function fieldsOf(kind: ImportKind): Field[] {
  return OF_KIND[kind];
}

const GUESSES: [RegExp, Field][] = [
  [/^(upn|uniquepupilnumber)$/, Field.UPN],
  [/^(forename|givenname|firstname|preferredforename|legalforename)$/, Field.GIVEN_NAME],
  [/^(surname|familyname|lastname|legalsurname)$/, Field.FAMILY_NAME],
  [/^(sex|gender)$/, Field.SEX],
  [/^(dob|dateofbirth|birthdate)$/, Field.BIRTH_DATE],
  [/^(school|schoolname|urn|laestab|dfenumber)$/, Field.SCHOOL],
  [/^(year|yeargroup|ncyear|yr|nationalcurriculumyear)$/, Field.YEAR_GROUP],
  [/^(class|reg|regform|registrationgroup|form|regclass)$/, Field.SCHOOL_CLASS],
  [/^(prior|priorattainment|priorattainmentband)$/, Field.PRIOR_ATTAINMENT],
  [/^(start|startdate|from|admissiondate|doa)$/, Field.START_DATE],
  [/^(end|enddate|to|leavingdate|dol)$/, Field.END_DATE],
  [/^(sen|senstatus|senprovision)$/, Field.SEN_STATUS],
  [/^(senneed|needtype|primaryneed|ethnicity|ethnicitycode)$/, Field.GROUP_DETAIL],
  [/^(group|pupilgroup)$/, Field.GROUP],
  [/^(subject|aspectsubject)$/, Field.SUBJECT],
  [/^(window|assessmentwindow|term|resultset)$/, Field.WINDOW],
  [/^(result|grade|outcome|score|value|assessment)$/, Field.RESULT],
];

const GROUP_GUESSES: [RegExp, Group][] = [
  [/^(pp|pupilpremium|disadvantaged|ever6|fsm6)/, Group.DISADVANTAGED],
  [/^(fsm|freeschoolmeals|freemeals)/, Group.FREE_SCHOOL_MEALS],
  [/^(lac|looked|incare)/, Group.LOOKED_AFTER],
  [/^(eal|additionallanguage)/, Group.ENGLISH_AS_AN_ADDITIONAL_LANGUAGE],
  [/^(mostable|hpa|moreable)/, Group.MOST_ABLE],
  [/^(service)/, Group.SERVICE_CHILD],
  [/^(youngcarer)/, Group.YOUNG_CARER],
];

const plain = (header: string) => header.toLowerCase().replace(/[^a-z0-9]/g, '');

export interface Guess {
  header: string;
  field: Field;
  group: Group;
  subject: string;
}

// What each column probably means. `subjects` by name, for a wide file of results: a column named after a subject is its result.
export function guess(headers: string[], kind: ImportKind, subjects: Map<string, string>): Guess[] {
  const allowed = fieldsOf(kind);
  return headers.map((header) => {
    const text = plain(header);
    const found = GUESSES.find(([pattern, field]) => pattern.test(text) && allowed.includes(field))?.[1];
    if (found !== undefined) return { header, field: found, group: 0, subject: '' };
    if (kind === ImportKind.GROUPS) {
      const group = GROUP_GUESSES.find(([pattern]) => pattern.test(text))?.[1];
      if (group !== undefined) return { header, field: Field.GROUP, group, subject: '' };
    }
    if (kind === ImportKind.RESULTS) {
      const subject = [...subjects].find(([, label]) => text.startsWith(plain(label)) && plain(label).length > 2)?.[0];
      if (subject) return { header, field: Field.RESULT, group: 0, subject };
    }
    return { header, field: Field.FIELD_UNSPECIFIED, group: 0, subject: '' };
  });
}

// Wide when several columns hold results or groups.
export function shapeOf(columns: Pick<ColumnMapping_Column, 'field'>[]): Shape {
  const count = (field: Field) => columns.filter((column) => column.field === field).length;
  return count(Field.RESULT) > 1 || count(Field.GROUP) > 1 || (count(Field.RESULT) === 1 && count(Field.SUBJECT) === 0) ? Shape.WIDE : Shape.LONG;
}

// The columns of the first line. The service reads the file itself, with all its oddities; this is only for the mapping.
export function headersOf(text: string): string[] {
  const line = firstRecord(text.replace(/^\uFEFF/, ''));
  const separator = [',', ';', '\t'].map((one) => ({ one, count: line.split(one).length })).sort((a, b) => b.count - a.count)[0]?.one ?? ',';
  const headers: string[] = [];
  let field = '';
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const c = line[at];
    if (quoted && c === '"' && line[at + 1] === '"') {
      field += '"';
      at += 1;
    } else if (c === '"') quoted = !quoted;
    else if (c === separator && !quoted) {
      headers.push(field.trim());
      field = '';
    } else field += c;
  }
  headers.push(field.trim());
  return headers;
}

function firstRecord(text: string): string {
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') quoted = !quoted;
    if (!quoted && (text[at] === '\n' || text[at] === '\r')) return text.slice(0, at);
  }
  return text;
}

export interface UploadOptions {
  trust: string;
  mapping: string;
  window: string;
  requestId: string;
  validateOnly: boolean;
  previewRows: number;
}

export function uploadPath(options: UploadOptions): string {
  const query = new URLSearchParams({ 'header.mapping': options.mapping, 'header.requestId': options.requestId });
  if (options.window) query.set('header.window', options.window);
  if (options.validateOnly) query.set('header.validateOnly', 'true');
  if (options.previewRows > 0) query.set('header.previewRows', String(options.previewRows));
  return `/v1/${options.trust}/assessmentImports?${query}`;
}
