// Four services and the gateway as processes of their own: the scoreboard gathers from all of them, names who is away and waits for nobody,
// and what happened while a service was down arrives once it is back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { signIn, signInAs } from './caller.mjs';
import { Fleet } from './fleet.mjs';
import { until } from './harness.mjs';
import { dateOf, inDays, openThread } from './specs/seed.mjs';

// The scoreboard's own deadline for a service, with room for a machine that is busy.
const LIMIT_SECONDS = 5;

let fleet;
let head;
before(async () => {
  fleet = await new Fleet().start();
  // Each learns the gateway's keys by itself, a moment after it is ready.
  head = await until('somebody is let in', () => signIn(fleet, 'HEADTEACHER'));
}, { timeout: 240_000 });
after(() => fleet?.remove());

const scoreboard = () => head.ok('GET', `/v1/${head.person.school}/scoreboard`);
const standings = (board) => new Map(board.columns[0].elements.map((standing) => [standing.element, standing]));

/** Elements with at least one measure, by the service that keeps them. */
const KEPT = { leadership: 'visible-headteacher', cpd: 'cpd', welfare: 'culture', assessment: 'outcomes' };
const measured = (board, element) => (standings(board).get(element)?.measures ?? []).length > 0;

async function whole() {
  return until('the scoreboard with all four services', async () => {
    const board = await scoreboard();
    return !board.away?.length && Object.values(KEPT).every((element) => measured(board, element)) && board;
  }, { seconds: 60 });
}

test('the scoreboard of a school is gathered from four services', async () => {
  const board = await whole();
  assert.equal(board.model.strands.length, 5);
  assert.equal(board.columns[0].elements.length, 40);
});

for (const name of ['assessment', 'cpd', 'welfare']) {
  test(`${name} dies: the rest is there in time, and what is missing is named; started again, it is whole`, async () => {
    await whole();
    await fleet.end(name);
    const started = performance.now();
    const board = await scoreboard();
    const seconds = (performance.now() - started) / 1000;
    assert.ok(seconds < LIMIT_SECONDS, `${seconds} s`);
    assert.deepEqual(board.away.map(({ service }) => service), [name]);
    for (const [service, element] of Object.entries(KEPT)) assert.equal(measured(board, element), service !== name, element);
    assert.equal(standings(board).get(KEPT[name]).noValueReason, 'SERVICE_AWAY');
    // Its own addresses say who is away; those of the others answer.
    const path = { assessment: 'assessmentWindows', cpd: 'courses', welfare: 'pulseSurveys' }[name];
    const refused = await head.call('GET', `/v1/${head.trust}/${path}`);
    assert.equal(refused.status, 503);
    assert.match(JSON.stringify(refused.body), new RegExp(name));
    await head.ok('GET', `/v1/${head.person.school}/classes`);

    await fleet.run(name);
    await whole();
  });
}

test('what happens while leadership is down arrives once it is back', async () => {
  const { thread } = await openThread(head, head.person.school);
  const lead = await signInAs(fleet, 'CPD lead');
  const coachee = await signIn(fleet, 'SENIOR_LEADER');
  // Followers bring the thread to cpd before a record may name it.
  const first = await until('the first cycle', () =>
    head.ok('POST', `/v1/${head.trust}/coachingCycles`, { coachee: coachee.person.person, startDate: dateOf(inDays(0)), improvementThread: thread.name }),
  );
  const responses = async () => (await head.ok('GET', `/v1/${thread.name}:timeline`)).responses ?? [];
  await until('the response', async () => (await responses()).length === 1);

  await fleet.end('leadership');
  // The gateway knows for a minute who the callers are; cpd needs nobody to take a record.
  const second = await head.ok('POST', `/v1/${head.trust}/coachingCycles`, {
    coach: coachee.person.person,
    startDate: dateOf(inDays(0)),
    improvementThread: thread.name,
  });
  await lead.ok('POST', `/v1/${lead.trust}/courses`, { title: 'While leadership is away', kind: 'NETWORK' });
  assert.equal((await head.call('GET', `/v1/${head.person.school}/scoreboard`)).status, 503);

  await fleet.run('leadership');
  await until('both responses', async () => (await responses()).length === 2, { seconds: 60 });
  // Once each, whatever was sent again.
  await head.ok('POST', `/v1/${first.name}:cancel`, {});
  await until('the first withdrawn', async () => (await responses()).some(({ withdrawn }) => withdrawn));
  assert.equal((await responses()).length, 2);
  assert.ok(second.name !== first.name);
  await whole();
});

test('cpd dies while records are written: none is lost or counted twice', async () => {
  const { thread } = await openThread(await signIn(fleet, 'CEO'), head.person.school, { title: 'Through a crash' });
  const { people } = await (await fetch(`${fleet.url}/auth/people`)).json();
  // Two people have one cycle at a time.
  const coachees = people.filter(({ postKind }) => postKind === 'TEACHER').slice(0, 60).map(({ person }) => person);
  const cycle = () =>
    head.call('POST', `/v1/${head.trust}/coachingCycles`, { coachee: coachees.pop(), startDate: dateOf(inDays(0)), improvementThread: thread.name });
  await until('the thread in cpd', async () => (await cycle()).status === 200);
  let taken = 1;
  const write = async () => {
    while (coachees.length > 0) if ((await cycle().catch(() => ({}))).status === 200) taken += 1;
  };
  const writing = Array.from({ length: 4 }, write);
  await until('some are written', () => taken > 5);
  await fleet.end('cpd');
  await Promise.all(writing);
  await fleet.run('cpd');
  // What was answered for is there; a call that was cut off may have been taken or not.
  const cycles = await until('the cycles', async () => {
    const { coachingCycles } = await head.ok('GET', `/v1/${head.trust}/coachingCycles?pageSize=200&filter=${encodeURIComponent(`improvement_thread = "${thread.name}"`)}`);
    return coachingCycles;
  });
  assert.ok(cycles.length >= taken, `${cycles.length} of ${taken}`);
  const ceo = await signIn(fleet, 'CEO');
  await until('each on the timeline once', async () => (await ceo.ok('GET', `/v1/${thread.name}:timeline`)).responses.length === cycles.length, { seconds: 60 });
});
