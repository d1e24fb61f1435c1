// Who has read what is about oneself: on the page of a check-in and in a coaching room, and refused to everybody else.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { signIn as callAs, signInAs } from '../caller.mjs';
import { until } from '../harness.mjs';
import { dateOf, inDays } from './seed.mjs';
import { assertAccessible, demoPeople, openSuite, personWith, signIn } from './support.mjs';

let suite;
before(async () => {
  suite = await openSuite();
});
after(() => suite.remove());

async function openAs(person, path, context) {
  const page = await suite.open(context);
  await signIn(page, suite, person, { path });
  return page;
}

test('the person of a check-in sees who has read it, and an administrator is told nothing', async () => {
  const hr = await signInAs(suite, 'HR director');
  const teacher = await personWith(suite, 'TEACHER', 22);
  const checkIn = await until('a check-in', () =>
    hr.ok('POST', `/v1/${hr.trust}/checkIns`, { person: teacher.person, plannedTime: inDays(2).toISOString() }),
  );
  await hr.ok('GET', `/v1/${checkIn.name}`);
  const reads = `/v1/${checkIn.name}:reads?service=welfare`;
  for (const other of [hr, await signInAs(suite, 'System administrator'), await callAs(suite, 'CEO')]) {
    const refused = await other.call('GET', reads);
    const missing = await other.call('GET', `/v1/${hr.trust}/checkIns/there-is-none:reads?service=welfare`);
    assert.equal(refused.status, 404);
    assert.equal(missing.status, 404);
  }

  const page = await openAs(teacher, `/wellbeing/check-ins/${checkIn.name.split('/').at(-1)}`, { phone: true });
  const fold = page.getByText('Who has read this', { exact: true });
  await fold.waitFor();
  const reader = (await demoPeople(suite)).find(({ person }) => person === hr.person.person);
  assert.equal(await page.getByText(`${reader.displayName} read it`).count(), 0, 'folded until it is asked for');
  await fold.click();
  await page.getByText(`${reader.displayName} read it`).waitFor();
  await page.getByText(`${reader.displayName} changed it`).waitFor();
  await assertAccessible(page, 'who has read a check-in');
});

test('the two of a coaching room see who has read it, and who a shared step', async () => {
  const coach = await callAs(suite, 'HEADTEACHER');
  const coachee = await callAs(suite, 'MIDDLE_LEADER');
  const friend = await callAs(suite, 'TEACHER');
  const cycle = await until('a cycle', () =>
    coach.ok('POST', `/v1/${coach.trust}/coachingCycles`, { coachee: coachee.person.person, startDate: dateOf(inDays(-10)), focus: 'Questions' }),
  );
  const step = await coach.ok('POST', `/v1/${coach.trust}/actionSteps`, { cycle: cycle.name, text: 'Wait longer.', dueDate: dateOf(inDays(7)) });
  await coachee.ok('POST', `/v1/${step.name}:share`, { people: [friend.person.person] });
  await friend.ok('GET', `/v1/${coach.trust}/sharedSteps`);
  await coach.ok('GET', `/v1/${cycle.name}:room`);

  const page = await openAs(coachee.person, `/learning/coaching/${cycle.name.split('/').at(-1)}`);
  await page.getByText('Who has read this room', { exact: true }).click();
  await page.getByText(`${coach.person.displayName} read it`).waitFor();
  await page.getByText('Who has read this step', { exact: true }).click();
  await page.getByText(`${friend.person.displayName} read it`).waitFor();
  await assertAccessible(page, 'who has read a coaching room');
});
