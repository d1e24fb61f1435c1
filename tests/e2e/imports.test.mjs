// Files through the upload route: looked at first, all rows or none, every bad row named, the same file twice, and what information systems write.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { signIn, signInAs } from './caller.mjs';
import { startSuite, until } from './harness.mjs';
import { dateOf, inDays } from './specs/seed.mjs';
import { mapping, upload, uploaded, upn } from './specs/pupils.mjs';

const RUN = Date.now() % 1_000_000;
const SCHOOL = { id: '', name: '' };
let suite;
let lead;
let pupils;
before(async () => {
  suite = await startSuite();
  lead = await signInAs(suite, 'Data lead');
  const { schools } = await lead.me();
  SCHOOL.name = schools[0].name;
  SCHOOL.id = schools[0].name.split('/').at(-1);
  pupils = await mapping(lead, 'PUPILS', {
    UPN: 'UPN',
    Forename: 'GIVEN_NAME',
    Surname: 'FAMILY_NAME',
    School: 'SCHOOL',
    Year: 'YEAR_GROUP',
    Start: 'START_DATE',
    'Date of birth': 'BIRTH_DATE',
  });
});
after(() => suite?.remove());

const HEADER = 'UPN,Forename,Surname,School,Year,Start,Date of birth';
const row = (serial, { family = `Family${RUN}`, given = `Given${serial}`, year = '2', start = '2026-09-01', born = '2019-10-03' } = {}) =>
  [upn(RUN, serial), given, family, SCHOOL.id, year, start, born].join(',');
const file = (...rows) => [HEADER, ...rows].join('\r\n');
const found = async (family) => (await lead.ok('GET', `/v1/${lead.trust}/pupils?pageSize=200&filter=${encodeURIComponent(`family_name = "${family}"`)}`)).pupils ?? [];
const into = (text, more = {}) => uploaded(lead, text, { mapping: pupils.name, ...more });

test('a file is looked at first, and nothing is written', async () => {
  const answer = await until('the service knows the school', async () => {
    const seen = await into(file(row(1), row(2)), { validateOnly: true, previewRows: 5 });
    return !seen.problems?.length && seen;
  });
  assert.equal(answer.rowCount, 2);
  assert.equal(answer.createdCount > 0, true);
  assert.ok(!answer.written);
  assert.equal(answer.encoding, 'UTF-8');
  assert.equal(answer.preview.length, 2);
  assert.equal(answer.preview[0].line, 2);
  const cells = new Map(answer.preview[0].cells.map(({ column, value }) => [column, value]));
  assert.equal(cells.get('Surname'), `Family${RUN}`);
  assert.deepEqual(await found(`Family${RUN}`), []);
});

test('one bad row: it is named with line, column, value and reason, and none is taken', async () => {
  const wrong = upn(RUN, 4);
  const letter = wrong[0] === 'A' ? 'B' : 'A';
  const text = file(row(3), row(4).replace(wrong, letter + wrong.slice(1)), row(5, { year: '17' }), row(6, { start: '31/02/2026' }));
  const answer = await into(text);
  assert.ok(!answer.written);
  assert.equal(answer.problemCount, 3);
  assert.deepEqual(
    answer.problems.map(({ line, column }) => [line, column]),
    [
      [3, 'UPN'],
      [4, 'Year'],
      [5, 'Start'],
    ],
  );
  assert.equal(answer.problems[0].value, letter + wrong.slice(1));
  assert.match(answer.problems[0].reason, /check letter/);
  for (const { reason } of answer.problems) assert.ok(reason.length > 10, reason);
  assert.deepEqual(await found(`Family${RUN}`), []);
});

test('the same file twice changes nothing, and a changed row changes one pupil', async () => {
  const first = await into(file(row(1), row(2)));
  assert.equal(first.written, true);
  assert.ok(first.createdCount >= 2);
  const before = await found(`Family${RUN}`);
  assert.equal(before.length, 2);
  const second = await into(file(row(1), row(2)));
  assert.deepEqual([second.createdCount ?? 0, second.updatedCount ?? 0], [0, 0]);
  assert.ok(second.unchangedCount >= 2);
  assert.deepEqual(await found(`Family${RUN}`), before);
  const third = await into(file(row(1), row(2, { given: 'Renamed' })));
  assert.deepEqual([third.createdCount ?? 0, third.updatedCount], [0, 1]);
  assert.deepEqual((await found(`Family${RUN}`)).map(({ givenName }) => givenName).sort(), ['Given1', 'Renamed']);
});

test('Windows-1252, semicolons, quotes and line ends inside them, days first, numbers of a spreadsheet', async () => {
  const family = `Nuñez${RUN}`;
  const lines = [
    HEADER.replaceAll(',', ';'),
    row(20, { family: `"${family}"`, given: '"Zoë ""Zo"""', start: '01/09/2026', born: '3/10/2019' }).replaceAll(',', ';'),
    // 43741 is the day number that a spreadsheet writes for 3 October 2019.
    row(21, { family, given: 'Ana', start: '2026-09-01', born: '43741' }).replaceAll(',', ';'),
    '',
  ];
  const answer = await into(Buffer.from(lines.join('\r\n'), 'latin1'));
  assert.equal(answer.written, true, JSON.stringify(answer.problems));
  assert.equal(answer.encoding, 'Windows-1252');
  assert.equal(answer.separator, ';');
  const held = (await found(family)).sort((a, b) => a.givenName.localeCompare(b.givenName));
  assert.deepEqual(held.map(({ givenName }) => givenName), ['Ana', 'Zoë "Zo"']);
  for (const { birthDate } of held) assert.deepEqual(birthDate, { year: 2019, month: 10, day: 3 });
});

test('a byte order mark and tabs are understood', async () => {
  const family = `Tab${RUN}`;
  const text = `\uFEFF${HEADER.replaceAll(',', '\t')}\n${row(30, { family }).replaceAll(',', '\t')}\n`;
  const { status, body } = await upload(lead, text, { mapping: pupils.name }, { type: 'text/tab-separated-values' });
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.written, true, JSON.stringify(body.problems));
  assert.equal((await found(family)).length, 1);
});

test('results, wide: what is off the scale and who is unknown is named; then all are there, and twice is once', async () => {
  const run = randomUUID().slice(0, 8);
  const subjects = ['english', 'maths'].map((id) => `${lead.trust}/subjects/${id}`);
  const scale = await lead.ok('POST', `/v1/${lead.trust}/scales`, {
    displayName: `Scaled ${run}`,
    kind: 'NUMERIC',
    stage: 'KEY_STAGE_2',
    minimumThousandths: '80000',
    maximumThousandths: '120000',
    stepThousandths: '1000',
    standardThousandths: '100000',
  });
  const window = await lead.ok('POST', `/v1/${lead.trust}/assessmentWindows`, {
    displayName: `Window ${run}`,
    academicYear: '2026-27',
    kind: 'IN_YEAR',
    startDate: dateOf(inDays(-2)),
    endDate: dateOf(inDays(9)),
    entry: 'OPEN',
    subjects: subjects.map((subject) => ({ subject, scale: scale.name })),
  });
  const map = await mapping(
    lead,
    'RESULTS',
    { UPN: 'UPN', Reading: { field: 'RESULT', subject: subjects[0] }, Maths: { field: 'RESULT', subject: subjects[1] } },
    { shape: 'WIDE' },
  );
  const send = (text) => uploaded(lead, text, { mapping: map.name, window: window.name });
  const bad = await send(`UPN,Reading,Maths\n${upn(RUN, 1)},101,121\n${upn(RUN, 900)},100,100\n${upn(RUN, 2)},,ninety\n`);
  assert.ok(!bad.written);
  assert.deepEqual(
    bad.problems.map(({ line, column, value }) => [line, column, value]),
    [
      [2, 'Maths', '121'],
      [3, 'UPN', upn(RUN, 900)],
      [4, 'Maths', 'ninety'],
    ],
  );
  const good = `UPN,Reading,Maths\n${upn(RUN, 1)},101,99\n${upn(RUN, 2)},,110\n`;
  const first = await send(good);
  assert.equal(first.written, true, JSON.stringify(first.problems));
  assert.equal(first.createdCount, 3);
  const second = await send(good);
  assert.deepEqual([second.createdCount ?? 0, second.updatedCount ?? 0, second.unchangedCount], [0, 0, 3]);
  const [pupil] = (await found(`Family${RUN}`)).filter(({ upn: number }) => number === upn(RUN, 1));
  const { results } = await lead.ok('GET', `/v1/${pupil.name}/results`);
  assert.deepEqual(results.map(({ subject, cell }) => [subject.split('/').at(-1), cell.outcome]).sort(), [
    ['english', '101'],
    ['maths', '99'],
  ]);
});

test('only who keeps the data brings files in; what is not a file of this kind is refused as a whole', async () => {
  for (const kind of ['TEACHER', 'HEADTEACHER', 'CEO']) {
    const caller = await signIn(suite, kind);
    assert.equal((await upload(caller, file(row(50)), { mapping: pupils.name })).status, 403, kind);
  }
  const nothing = await upload(lead, 'Some,Other,File\n1,2,3\n', { mapping: pupils.name });
  assert.ok(nothing.status === 400 || nothing.body.problemCount > 0, JSON.stringify(nothing.body));
  assert.ok(!nothing.body.written);
  const unknown = await upload(lead, file(row(51)), { mapping: `${lead.trust}/columnMappings/none` });
  assert.ok(unknown.status === 404 || unknown.status === 400, `${unknown.status}`);
});
