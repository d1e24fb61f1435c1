// The improvement loop in the portal: somebody says so, it is acknowledged, a thread answers it, what was done shows on its timeline, it is
// closed; and those above see how fast it went and who waits.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { signIn as callAs, signInPerson } from '../caller.mjs';
import { until } from '../harness.mjs';
import { openThread } from './seed.mjs';
import { assertAccessible, chiefExecutive, headteacher, openSuite, personWith, signIn } from './support.mjs';

const RUN = Date.now().toString(36);
const SEEN = `Transitions cost ten minutes a day in Year 3. ${RUN}`;
const TITLE = `Transitions ${RUN}`;
const FOCUS = `What the two of us work on ${RUN}`;
const NOTE = `The trust's own programme takes this over. ${RUN}`;

let suite;
before(async () => {
  suite = await openSuite();
});
after(() => suite.remove());

const threadOf = (page) => /\/concerns\/threads\/([^/?]+)/.exec(page.url())?.[1];

test('from a concern to a closed thread', async () => {
  const person = await headteacher(suite, 1);
  const page = await suite.open();
  await signIn(page, suite, person, { path: '/concerns' });

  await page.getByRole('button', { name: 'Raise one' }).click();
  const raise = page.getByRole('dialog', { name: 'Raise a concern' });
  await until('the elements', async () => (await raise.getByLabel('About').locator('option').count()) === 41);
  await raise.getByLabel('About').selectOption('teaching');
  await raise.getByLabel('What did you see?').fill(SEEN);
  await raise.getByRole('button', { name: 'Raise it' }).click();
  await raise.waitFor({ state: 'detached' });

  // On top of what waits on whoever is accountable, with the words of who raised it.
  const mine = page.getByRole('region', { name: 'Waiting on me' });
  await mine.locator('.record-open', { hasText: 'World class teaching' }).first().click();
  const sheet = page.getByRole('dialog', { name: 'Concern' });
  await sheet.getByText(SEEN).waitFor();
  await sheet.getByRole('button', { name: 'I have seen it' }).click();
  await sheet.getByText(/, acknowledged/).waitFor();
  assert.equal(await sheet.getByRole('button', { name: 'I have seen it' }).count(), 0);
  await sheet.getByRole('button', { name: 'Open a thread', exact: true }).click();
  await sheet.getByLabel('Title').fill(TITLE);
  await sheet.getByLabel('What should be reached').fill('Two minutes from bell to first question.');
  await assertAccessible(page);
  await sheet.getByRole('button', { name: 'Open the thread' }).click();
  await page.getByRole('heading', { name: TITLE, level: 1 }).waitFor();
  const thread = threadOf(page);
  await page.getByText('Nothing yet', { exact: true }).waitFor();

  // Answered with a drop-in, from the thread's own link.
  await page.getByRole('link', { name: 'A drop-in' }).click();
  await page.locator('.class-button').first().click();
  await page.getByText('answers an improvement thread').waitFor();
  await page.locator('.focus-button').first().click();
  await page.getByText('Saved', { exact: true }).waitFor();

  // And with a coaching cycle, which stays between two people.
  const coachee = await personWith(suite, 'TEACHER', 3);
  await page.goto(`${suite.url}/concerns/threads/${thread}`);
  await page.getByRole('link', { name: 'Coaching', exact: true }).click();
  const begin = page.getByRole('dialog', { name: 'Begin a coaching cycle' });
  await begin.getByText('The thread shows that support is in place, and nothing else.').waitFor();
  await begin.getByRole('combobox', { name: 'With' }).fill(coachee.displayName);
  await page.getByRole('option', { name: coachee.displayName }).first().click();
  await begin.getByLabel('What we work on').fill(FOCUS);
  await begin.getByRole('button', { name: 'Begin', exact: true }).click();
  await page.getByRole('heading', { name: `Coaching ${coachee.displayName}`, level: 1 }).waitFor();
  await page.locator('main p', { hasText: FOCUS }).waitFor();

  // Both stand on the timeline once the feeds have brought them; the cycle as support in place, without its name or its words.
  await page.goto(`${suite.url}/concerns/threads/${thread}`);
  const done = page.getByRole('region', { name: 'What was done' });
  await done.getByRole('rowheader', { name: 'Support in place' }).waitFor();
  await done.getByRole('rowheader', { name: /Drop-in/ }).waitFor();
  assert.equal(await done.locator('.lane-bar').count(), 2);
  const text = await page.locator('main').textContent();
  assert.ok(!text.includes(FOCUS) && !text.includes(coachee.displayName), text);
  assert.match(text, /Being answered/);
  await assertAccessible(page);

  // No reading lies after the answers yet: it can be closed as overtaken, with a reason and not without.
  const close = page.getByRole('region', { name: 'Close it' });
  assert.deepEqual(await close.getByLabel('It came out as').locator('option').allTextContents(), ['Overtaken by something else']);
  const button = close.getByRole('button', { name: 'Close the thread' });
  assert.equal(await button.isDisabled(), true);
  await close.getByLabel('Why').fill(NOTE);
  await button.click();
  await page.locator('.thread-end', { hasText: NOTE }).waitFor();
  assert.match(await page.locator('.thread-end').textContent(), new RegExp(`by ${person.displayName}`));
  await assertAccessible(page);
  await page.goto(`${suite.url}/concerns`);
  await page.getByRole('region', { name: 'Closed' }).locator('.record', { hasText: TITLE }).waitFor();
});

test('the thread says nothing more about coaching to anybody', async () => {
  const head = await callAs(suite, 'HEADTEACHER');
  const { thread } = await openThread(head, head.person.school, { title: `Sealed ${RUN}` });
  const coachee = await callAs(suite, 'SENIOR_LEADER');
  const today = new Date();
  const cycle = await until('a cycle', () =>
    coachee.ok('POST', `/v1/${head.trust}/coachingCycles`, {
      coach: head.person.person,
      startDate: { year: today.getFullYear(), month: today.getMonth() + 1, day: today.getDate() },
      focus: FOCUS,
      improvementThread: thread.name,
    }),
  );
  for (const kind of ['HEADTEACHER', 'CEO']) {
    const reader = await callAs(suite, kind);
    const { responses } = await until(`the response as a ${kind} sees it`, async () => {
      const timeline = await reader.ok('GET', `/v1/${thread.name}:timeline`);
      return timeline.responses?.length && timeline;
    });
    const written = JSON.stringify(responses);
    assert.equal(responses[0].label, 'Support in place');
    for (const secret of [cycle.name, FOCUS, coachee.person.person, 'oaching']) assert.ok(!written.includes(secret), `${secret} in ${written}`);
  }
});

test('the CEO sees the pace and who waits', async () => {
  const head = await signInPerson(suite, (await headteacher(suite, 2)).person);
  const { thread } = await openThread(head, head.person.school, { title: `Unanswered ${RUN}` });
  const page = await suite.open();
  await signIn(page, suite, await chiefExecutive(suite), { path: '/trust' });
  const pace = page.getByRole('region', { name: 'Pace', exact: true });
  await pace.getByRole('row', { name: /^All/ }).waitFor();
  await pace.getByLabel('Show').selectOption('school');
  await pace.getByRole('rowheader', { name: head.person.schoolDisplayName }).waitFor();
  if (await pace.getByRole('button', { name: /^All \d+$/ }).count()) await pace.getByRole('button', { name: /^All \d+$/ }).click();
  const row = pace.locator('.record', { hasText: `Unanswered ${RUN}` });
  await row.waitFor();
  assert.match(await row.textContent(), new RegExp(head.person.displayName));
  await assertAccessible(page);
  await row.locator('a').click();
  await page.getByRole('heading', { name: `Unanswered ${RUN}` }).waitFor();
  assert.equal(threadOf(page), thread.name.split('/').at(-1));
});
