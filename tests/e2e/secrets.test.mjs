// What is sealed is nowhere to be found: sentences and names are planted in every sealed field of a running suite, then the bytes of stores,
// write-ahead logs, backups, logs, metrics and streams are searched. Texts that are not sealed are planted too, and must be found: the search works.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { signIn, signInAs, signInPerson } from './caller.mjs';
import { startSuite, until } from './harness.mjs';
import { dateOf, inDays, openPulse } from './specs/seed.mjs';
import { mapping, upn, uploaded } from './specs/pupils.mjs';

const RUN = Date.now().toString(36);
// Each text is one of its own, so that what is found says where it was planted.
const planted = new Map();
const plant = (where) => {
  const text = `Sealed ${RUN} ${planted.size}: ${where.replaceAll(' ', '-')} is nobody else's.`;
  planted.set(where, text);
  return text;
};
const PUBLIC = { course: `Public ${RUN} course`, seen: `Public ${RUN} what was seen`, visit: `Public ${RUN} purpose` };

let suite;
let head;
let coachee;
let hr;
let person;
before(async () => {
  suite = await startSuite();
  head = await signIn(suite, 'HEADTEACHER');
  coachee = await signIn(suite, 'SENIOR_LEADER');
  hr = await signInAs(suite, 'HR director');
  // Somebody whom nothing else names but what is planted here.
  person = await signIn(suite, 'SENDCO');
});
after(() => suite?.remove());

const soon = inDays(2).toISOString();
const made = {};

test('texts are planted in every sealed field, and read back by those whom they are for', async () => {
  // Coaching.
  const cycle = await until('a cycle', () =>
    head.ok('POST', `/v1/${head.trust}/coachingCycles`, { coachee: coachee.person.person, startDate: dateOf(inDays(-7)), focus: plant('cycle focus') }),
  );
  const step = await head.ok('POST', `/v1/${head.trust}/actionSteps`, {
    cycle: cycle.name,
    text: plant('step text'),
    rehearsed: plant('step rehearsed'),
    dueDate: dateOf(inDays(7)),
  });
  await head.ok('POST', `/v1/${head.trust}/coachingSessions`, { cycle: cycle.name, plannedTime: inDays(-1).toISOString(), note: plant('session note') });
  await head.ok('POST', `/v1/${step.name}:achieve`, { seen: plant('step seen') });
  await head.ok('POST', `/v1/${cycle.name}:complete`, { outcome: plant('cycle outcome') });

  // Welfare.
  const asked = await person.ok('POST', `/v1/${hr.trust}/checkIns:request`, { request: plant('check-in request') });
  const held = await hr.ok('POST', `/v1/${hr.trust}/checkIns`, { person: person.person.person, plannedTime: soon });
  await hr.ok('POST', `/v1/${held.name}:complete`, { note: plant('check-in note'), agreed: plant('check-in agreed'), heldTime: inDays(-1).toISOString() });
  const concern = await hr.ok('POST', `/v1/${hr.trust}/welfareConcerns`, { person: coachee.person.person, text: plant('concern text') });
  await hr.ok('POST', `/v1/${hr.trust}/supports`, {
    person: person.person.person,
    kind: 'OCCUPATIONAL_HEALTH',
    startDate: dateOf(inDays(0)),
    note: plant('support note'),
    agreed: plant('support agreed'),
  });
  await hr.ok('POST', `/v1/${hr.trust}/welfareFollowUps`, { person: person.person.person, action: plant('follow-up action'), dueDate: dateOf(inDays(5)) });

  // The other services.
  const executive = await signIn(suite, 'EXECUTIVE_HEADTEACHER');
  const { schools } = await executive.me();
  const visit = await until('a visit', () =>
    executive.ok('POST', `/v1/${schools[0].name}/visits`, { startTime: soon, purpose: PUBLIC.visit, privateNote: plant('visit note') }),
  );
  await head.ok('POST', `/v1/${head.trust}/concerns`, { school: head.person.school, element: 'culture', seen: PUBLIC.seen });
  const lead = await signInAs(suite, 'CPD lead');
  await lead.ok('POST', `/v1/${lead.trust}/courses`, { title: PUBLIC.course, kind: 'WORKSHOP' });

  const room = JSON.stringify(await coachee.ok('GET', `/v1/${cycle.name}:room`));
  for (const where of ['cycle focus', 'step text', 'step rehearsed', 'step seen', 'session note', 'cycle outcome']) assert.ok(room.includes(planted.get(where)), where);
  assert.equal((await person.ok('GET', `/v1/${asked.name}`)).request, planted.get('check-in request'));
  assert.equal((await hr.ok('GET', `/v1/${held.name}`)).note, planted.get('check-in note'));
  assert.equal((await hr.ok('GET', `/v1/${concern.name}`)).text, planted.get('concern text'));
  assert.equal((await executive.ok('GET', `/v1/${visit.name}`)).privateNote, planted.get('visit note'));
  Object.assign(made, { cycle, held, concern, visit });
});

test('an answer to a pulse leaves no trace of who gave it', async () => {
  const pulse = await openPulse(hr, `Pulse ${RUN}`);
  const ratings = pulse.questions.map(({ id }, index) => ({ question: id, value: [1, 5, 2, 4, 3][index % 5] }));
  await until('the answer', () => person.ok('POST', `/v1/${pulse.name}:answer`, { ratings }));
  assert.equal((await person.call('POST', `/v1/${pulse.name}:answer`, { ratings })).status, 409);
  // Neither as the row of numbers that it is, nor as the texts that were sent.
  const row = ratings.map(({ value }) => value);
  made.answer = [Buffer.from(row), Buffer.from(JSON.stringify(ratings)), Buffer.from(row.join(',')), Buffer.from(row.join(''))];
  made.pulse = pulse;
});

test('which group a pupil is in is sealed', async () => {
  const lead = await signInAs(suite, 'Data lead');
  const run = Date.now() % 1_000_000;
  const pupils = await mapping(lead, 'PUPILS', { UPN: 'UPN', Forename: 'GIVEN_NAME', Surname: 'FAMILY_NAME', School: 'SCHOOL', Year: 'YEAR_GROUP', Start: 'START_DATE' });
  const school = head.person.school.split('/').at(-1);
  await until('a pupil', async () => {
    const answer = await uploaded(lead, `UPN,Forename,Surname,School,Year,Start\n${upn(run, 1)},Public${RUN},Pupil,${school},2,2026-09-01\n`, { mapping: pupils.name });
    return answer.written;
  });
  const groups = await mapping(lead, 'GROUPS', { UPN: 'UPN', Group: 'GROUP', Need: 'GROUP_DETAIL', Start: 'START_DATE' });
  const written = await uploaded(lead, `UPN,Group,Need,Start\n${upn(run, 1)},EHCP,SLCN,2026-09-01\n`, { mapping: groups.name });
  assert.equal(written.written, true, JSON.stringify(written));
  const { pupils: found } = await head.ok('GET', `/v1/${head.trust}/pupils?filter=${encodeURIComponent(`given_name = "Public${RUN}"`)}`);
  const overview = await head.ok('GET', `/v1/${found[0].name}:readOverview`);
  assert.match(JSON.stringify(overview), /EHCP/);
  assert.match(JSON.stringify(overview), /SLCN/);
  made.pupil = found[0];
});

const filesUnder = (folder) =>
  fs.readdirSync(folder, { recursive: true }).map((name) => path.join(folder, name)).filter((name) => fs.statSync(name).isFile());

/** Files of the four stores, write-ahead logs included; and what was written at the stores' side. */
function haystacks() {
  const stacks = new Map(filesUnder(suite.folder).map((name) => [path.relative(suite.folder, name), fs.readFileSync(name)]));
  stacks.set('the log', Buffer.from(suite.log));
  return stacks;
}

const where = (stacks, needle) => [...stacks].filter(([, bytes]) => bytes.includes(needle)).map(([name]) => name);

test('nothing that is sealed is in the stores, their logs, a backup, the log or the metrics', async () => {
  const backup = fs.mkdtempSync(path.join(suite.folder, 'backup-'));
  const { code, output } = await suite.run('store', 'backup', backup);
  assert.equal(code, 0, output);
  const stacks = haystacks();
  for (const name of ['leadership', 'assessment', 'cpd', 'welfare']) {
    assert.ok([...stacks.keys()].some((file) => file.startsWith(`${name}/`) && file.endsWith('.db')), `a store of ${name}`);
    assert.ok(stacks.has(path.join(path.basename(backup), `${name}.db`)), `a backup of ${name}: ${[...stacks.keys()]}`);
  }
  assert.ok([...stacks.keys()].some((file) => file.endsWith('-wal')), 'a write-ahead log');
  stacks.set('the metrics', Buffer.from(await (await fetch(`${suite.admin}/metrics`)).text()));

  // The search finds what is not sealed, in a store and in a backup.
  for (const text of Object.values(PUBLIC)) {
    const found = where(stacks, text);
    assert.ok(found.some((file) => file.startsWith('backup-')) && found.some((file) => /^(leadership|cpd)\//.test(file)), `${text} in ${found}`);
  }
  assert.ok(where(stacks, `Public${RUN}`).some((file) => file.startsWith('assessment/')));
  // And nothing that is, not even half of it.
  for (const [what, text] of planted) {
    assert.deepEqual(where(stacks, text), [], what);
    assert.deepEqual(where(stacks, text.slice(0, Math.ceil(text.length / 2))), [], what);
  }
  for (const answer of made.answer.slice(0, 3)) {
    assert.deepEqual(where(new Map([...stacks].filter(([name]) => /welfare|log|metrics/.test(name))), answer), [], 'the answer to the pulse');
  }
});

const SCRIPT = `
import json, sqlite3, sys
store = sqlite3.connect('file:' + sys.argv[1] + '?mode=ro', uri=True)
columns = [row[1] for row in store.execute('PRAGMA table_info(outbox)')]
rows = store.execute('SELECT * FROM outbox').fetchall()
print(json.dumps([[cell.hex() if isinstance(cell, bytes) else str(cell).encode().hex() for cell in row] for row in rows]))
`;

test('the event feeds hold the records that were planted in, without what is sealed and without whom it is about', () => {
  const feed = (service) => {
    const [store] = filesUnder(path.join(suite.folder, service)).filter((name) => name.endsWith('.db'));
    const rows = JSON.parse(execFileSync('/usr/bin/python3', ['-c', SCRIPT, store], { encoding: 'utf8', maxBuffer: 1 << 28 }));
    return rows.map((row) => Buffer.concat(row.map((cell) => Buffer.from(cell, 'hex'))));
  };
  const about = (rows, name) => {
    const found = rows.filter((row) => row.includes(name));
    assert.ok(found.length > 0, `events of ${name}`);
    return found;
  };
  const cpd = about(feed('cpd'), made.cycle.name);
  const welfare = feed('welfare');
  const leadership = about(feed('leadership'), made.visit.name);
  for (const [what, text] of planted) for (const row of [...cpd, ...welfare, ...leadership]) assert.ok(!row.includes(text), what);
  assert.ok(leadership.some((row) => row.includes(PUBLIC.visit)));
  // A check-in's event says neither with whom nor, since the person may have made it, who did.
  for (const row of about(welfare, made.held.name)) assert.ok(!row.includes(person.person.person), 'the person of a check-in');
  for (const row of about(welfare, made.concern.name)) assert.ok(!row.includes(coachee.person.person), 'the person of a welfare concern');
  for (const row of about(feed('assessment'), made.pupil.name)) assert.ok(!row.includes('SLCN'), 'the need of a pupil');
});

test('once it is closed, a pulse has no answers that could be read with any key', async () => {
  await hr.ok('POST', `/v1/${made.pulse.name}:close`, {});
  const results = await hr.ok('GET', `/v1/${made.pulse.name}:results`);
  assert.ok(results.scopes.length > 0);
  for (const { figures } of results.scopes) assert.deepEqual(figures ?? [], [], 'one answer is no figure');
  const again = await signInPerson(suite, person.person.person);
  assert.equal((await again.call('POST', `/v1/${made.pulse.name}:answer`, { ratings: [{ question: made.pulse.questions[0].id, value: 3 }] })).status, 400);
});
