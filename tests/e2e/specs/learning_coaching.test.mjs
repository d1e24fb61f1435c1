// A coaching room after it was begun: what the two agreed changes, a session moves or goes, a step is put better; by either of them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { signIn as callAs } from '../caller.mjs';
import { until } from '../harness.mjs';
import { dateOf, inDays } from './seed.mjs';
import { assertAccessible, openSuite, signIn } from './support.mjs';

const FOCUS = 'Waiting after a question';

let suite;
let coach;
let coachee;
let cycle;
let path;
before(async () => {
  suite = await openSuite();
  coach = await callAs(suite, 'HEADTEACHER');
  coachee = await callAs(suite, 'MIDDLE_LEADER');
  cycle = await until('a cycle', () =>
    coach.ok('POST', `/v1/${coach.trust}/coachingCycles`, { coachee: coachee.person.person, startDate: dateOf(inDays(-10)), focus: 'Questions' }),
  );
  path = `/learning/coaching/${cycle.name.split('/').at(-1)}`;
});
after(() => suite.remove());

async function openAs(caller, context) {
  const page = await suite.open(context);
  await signIn(page, suite, caller.person, { path });
  await page.getByRole('heading', { name: 'The step now' }).waitFor();
  return page;
}

test('the coachee changes what the cycle is about, and its need', async () => {
  const page = await openAs(coachee, { phone: true });
  assert.equal(await page.title(), 'Coaching · Fivestrand', 'that these two meet is nobody else’s business');
  await page.getByRole('button', { name: 'Change it' }).click();
  await page.getByLabel('What we work on').fill(FOCUS);
  await page.getByLabel('We meet').selectOption({ label: 'Every school week' });
  await page.getByLabel('The element of the model that it serves').selectOption('teaching');
  await assertAccessible(page, 'changing a cycle');
  await page.getByRole('button', { name: 'Keep it' }).click();
  await page.getByText(FOCUS).waitFor();
  const now = await coach.ok('GET', `/v1/${cycle.name}`);
  assert.deepEqual([now.focus, now.cadence, now.element], [FOCUS, 'WEEKLY', 'teaching']);
  assert.ok(!page.url().includes('Waiting'));
});

test('a planned session moves; one that was never one is removed after asking', async () => {
  await coach.ok('POST', `/v1/${coach.trust}/coachingSessions`, { cycle: cycle.name, plannedTime: inDays(4).toISOString() });
  const page = await openAs(coach);
  const sessions = page.getByRole('region', { name: 'Sessions' });
  await sessions.getByRole('button', { name: 'Move it', exact: true }).click();
  const day = inDays(6).toISOString().slice(0, 10);
  await sessions.getByLabel('To the day').fill(day);
  await sessions.getByRole('group', { name: 'Move the session' }).getByLabel('Place').fill('Room 4');
  await assertAccessible(page, 'moving a session');
  await sessions.getByRole('button', { name: 'Move it there' }).click();
  const list = async () => (await coach.ok('GET', `/v1/${coach.trust}/coachingSessions?filter=${encodeURIComponent(`cycle = "${cycle.name}"`)}`)).coachingSessions ?? [];
  await until('it moved', async () => (await list())[0].plannedTime.startsWith(day));
  await sessions.getByText('Room 4').first().waitFor();
  await sessions.getByRole('button', { name: 'Remove it' }).click();
  assert.equal((await list()).length, 1, 'asked before it goes');
  await sessions.getByRole('button', { name: 'Yes, remove it' }).click();
  await until('it is gone', async () => (await list()).length === 0);
});

test('a step is put better while it is open, and seen can be added once it is over', async () => {
  await coach.ok('POST', `/v1/${coach.trust}/actionSteps`, { cycle: cycle.name, text: 'Wait longer.', dueDate: dateOf(inDays(7)) });
  const page = await openAs(coachee);
  await page.getByRole('button', { name: 'Change the step' }).click();
  await page.getByRole('textbox', { name: 'The step' }).fill('Count to three before naming a pupil.');
  await assertAccessible(page, 'changing a step');
  await page.getByRole('button', { name: 'Keep the step' }).click();
  await page.locator('.step-text', { hasText: 'Count to three' }).waitFor();
  await page.getByLabel('What was seen').fill('Twice in ten minutes.');
  await page.getByRole('button', { name: 'Keep what was seen' }).click();
  await until('it is kept', async () => (await coach.ok('GET', `/v1/${cycle.name}:room`)).steps[0].seen === 'Twice in ten minutes.');
  await page.getByRole('button', { name: 'Achieved', exact: true }).click();
  await page.getByRole('button', { name: 'Change what was seen' }).click();
  await page.getByLabel('What was seen').last().fill('In every lesson now.');
  await page.getByRole('button', { name: 'Keep it' }).click();
  await page.getByText('In every lesson now.').waitFor();
});
