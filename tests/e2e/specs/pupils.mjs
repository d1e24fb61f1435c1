// Pupils, a scale and a window of one's own, brought in through the upload route by the data lead: what the grid and the imports are tested with.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { signInAs } from '../caller.mjs';
import { until } from '../harness.mjs';
import { dateOf, inDays } from './seed.mjs';

const LETTERS = 'ABCDEFGHJKLMNPQRTUVWXYZ';

/** A unique pupil number with its check letter; `serial` up to 999 within a run's six digits. */
export function upn(run, serial) {
  const digits = `933${String(run).padStart(6, '0').slice(-6)}${String(serial).padStart(3, '0')}`;
  const sum = [...digits].reduce((total, digit, index) => total + Number(digit) * (index + 2), 0);
  return LETTERS[sum % LETTERS.length] + digits;
}

/** Sends a file as it is. `header` is the first message's, for example { mapping, validateOnly: true }. */
export async function upload(caller, bytes, header, { type = 'text/csv' } = {}) {
  const query = new URLSearchParams(Object.entries(header).map(([key, value]) => [`header.${key}`, String(value)]));
  const response = await fetch(`${caller.suite.url}/v1/${caller.trust}/assessmentImports?${query}`, {
    method: 'POST',
    headers: { ...caller.headers, 'content-type': type },
    body: bytes,
    signal: AbortSignal.timeout(60_000),
  });
  return { status: response.status, body: await response.json() };
}

export async function uploaded(caller, bytes, header) {
  const { status, body } = await upload(caller, bytes, header);
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

/** A mapping: `columns` by header, a field's name or an object. */
export const mapping = (lead, kind, columns, more = {}) =>
  lead.ok('POST', `/v1/${lead.trust}/columnMappings`, {
    displayName: `${kind} ${randomUUID().slice(0, 8)}`,
    kind,
    columns: Object.entries(columns).map(([header, meaning]) => ({ header, ...(typeof meaning === 'string' ? { field: meaning } : meaning) })),
    ...more,
  });

const PUPIL_COLUMNS = {
  UPN: 'UPN',
  Forename: 'GIVEN_NAME',
  Surname: 'FAMILY_NAME',
  School: 'SCHOOL',
  Year: 'YEAR_GROUP',
  Start: 'START_DATE',
  Class: 'SCHOOL_CLASS',
};

/** The first class of the school that has a teacher and subjects, with pupils of this run in it, and a window open for its first subject. */
export async function classWithPupils(suite, { count = 6, schoolIndex = 0 } = {}) {
  const lead = await signInAs(suite, 'Data lead');
  const run = Date.now() % 1_000_000;
  const { schools } = await lead.me();
  const school = schools[schoolIndex].name;
  const { schoolClasses } = await lead.ok('GET', `/v1/${school}/classes?pageSize=200&orderBy=display_name`);
  const year = schoolClasses.map(({ academicYear }) => academicYear).sort().at(-1);
  const schoolClass = schoolClasses.find((one) => one.academicYear === year && one.subjects?.length && one.teachers?.length);
  const pupils = Array.from({ length: count }, (_, index) => ({ upn: upn(run, index), given: `Given${index}`, family: `Aa${run}-${index}` }));
  const map = await mapping(lead, 'PUPILS', PUPIL_COLUMNS);
  const yearGroup = schoolClass.yearGroup.replace('YEAR_GROUP_', '').replace('RECEPTION', 'R');
  const file = ['UPN,Forename,Surname,School,Year,Start,Class', ...pupils.map((one) => [one.upn, one.given, one.family, school.split('/').at(-1), yearGroup, `${year.slice(0, 4)}-09-01`, schoolClass.displayName].join(','))].join('\r\n');
  await until('the pupils', async () => {
    const answer = await uploaded(lead, file, { mapping: map.name });
    if (!answer.written) throw new Error(JSON.stringify(answer.problems));
    return answer;
  });
  const scale = await lead.ok('POST', `/v1/${lead.trust}/scales`, {
    displayName: `Teacher assessment ${run}`,
    kind: 'CODES',
    stage: 'IN_YEAR',
    codes: [
      { code: 'WTS', label: 'Working towards', rank: 1 },
      { code: 'EXS', label: 'At', rank: 2, atStandard: true },
      { code: 'GDS', label: 'Greater depth', rank: 3, atStandard: true, atHigherStandard: true },
      { code: 'A', label: 'Absent', outside: true, countsInDenominator: true },
    ],
  });
  const subject = schoolClass.subjects[0];
  const window = await lead.ok('POST', `/v1/${lead.trust}/assessmentWindows`, {
    displayName: `Check ${run}`,
    academicYear: year,
    kind: 'IN_YEAR',
    startDate: dateOf(inDays(-3)),
    endDate: dateOf(inDays(11)),
    entry: 'OPEN',
    subjects: [{ subject, scale: scale.name }],
  });
  return { lead, run, school, schoolClass, teacher: schoolClass.teachers[0], subject, scale, window, pupils, year, yearGroup };
}
