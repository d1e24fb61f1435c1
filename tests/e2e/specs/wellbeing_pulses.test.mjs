// Running pulses: planning, changing, calling off and closing early; and what everybody sees of one that is over.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { signInAs } from '../caller.mjs';
import { until } from '../harness.mjs';
import { openPulse } from './seed.mjs';
import { assertAccessible, openSuite, personWith, signIn } from './support.mjs';

const MARK = Date.now().toString(36);

let suite;
let hr;
let page;
before(async () => {
  suite = await openSuite();
  hr = await signInAs(suite, 'HR director');
  page = await suite.open({ phone: true });
  await signIn(page, suite, hr.person, { path: '/wellbeing/pulses' });
});
after(() => suite.remove());

const survey = async (title) => (await hr.ok('GET', `/v1/${hr.trust}/pulseSurveys?pageSize=200`)).pulseSurveys.find((one) => one.title === title);

test('a pulse is planned, changed before it opens, and called off', async () => {
  await page.getByRole('button', { name: 'Pulse', exact: true }).click();
  await page.getByLabel('Title').fill(`Plan ${MARK}`);
  await page.getByLabel('Smallest group').fill('12');
  await page.getByRole('button', { name: 'Plan it' }).click();
  await page.getByRole('link', { name: new RegExp(`Plan ${MARK}`) }).click();
  await page.getByText('It is not open yet').waitFor();
  await page.getByRole('button', { name: 'Change it' }).click();
  await page.getByLabel('Title').fill(`Plan, moved ${MARK}`);
  await assertAccessible(page, 'changing a pulse');
  await page.getByRole('button', { name: 'Keep it' }).click();
  await page.getByRole('heading', { name: `Plan, moved ${MARK}` }).waitFor();
  assert.equal((await survey(`Plan, moved ${MARK}`)).minGroupSize, 12);

  await page.getByRole('button', { name: 'Call it off' }).click();
  await page.getByText('Nobody will be asked.').waitFor();
  assert.equal((await survey(`Plan, moved ${MARK}`)).state, 'SCHEDULED', 'asked once more before it is done');
  await page.getByRole('button', { name: 'Yes, call it off' }).click();
  await page.getByText('It was called off').waitFor();
  assert.equal((await survey(`Plan, moved ${MARK}`)).state, 'CANCELLED');
});

test('an open pulse keeps its promise, and is closed early with its answers destroyed', async () => {
  const open = await openPulse(hr, `Open ${MARK}`);
  await page.goto(`${suite.url}/wellbeing/pulses/${open.name.split('/').at(-1)}`);
  await page.getByRole('button', { name: 'Change it' }).click();
  await page.getByText('It is open:').waitFor();
  assert.equal(await page.getByLabel('Smallest group').count(), 0, 'what people answered under does not change');
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await page.getByRole('button', { name: 'Close it now' }).click();
  await page.getByRole('group', { name: 'Close it now' }).getByText('every answer is destroyed').waitFor();
  await assertAccessible(page, 'closing a pulse');
  await page.getByRole('button', { name: 'Close it and make the figures' }).click();
  await until('it is closed', async () => (await survey(`Open ${MARK}`)).state === 'CLOSED');
  // Nobody has answered: each figure says why it is not there.
  await page.locator('td', { hasText: 'fewer than 10 answers' }).first().waitFor();
  await page.getByRole('heading', { name: 'From round to round' }).waitFor();
  await assertAccessible(page, 'figures that are held back');
});

test('everybody reads the trend and the response rate of their school', async () => {
  const teacher = await personWith(suite, 'TEACHER', 5);
  const theirs = await suite.open();
  await signIn(theirs, suite, teacher, { path: '/wellbeing/pulses' });
  await theirs.locator('a.record-open', { hasText: 'Start of the year' }).click();
  const table = theirs.getByRole('region', { name: 'Indices by school' });
  await table.waitFor();
  await table.getByRole('row', { name: /% \(\d+ of \d+\)/ }).first().waitFor();
  await table.getByText(/before: \d+/).first().waitFor();
  assert.equal(await theirs.getByRole('button', { name: 'Change it' }).count(), 0);
  const rounds = theirs.getByRole('region', { name: 'Round by round' }).getByRole('row');
  assert.ok((await rounds.count()) >= 3);
  await assertAccessible(theirs, 'figures of a pulse');
});

test('a figure of culture opens its survey, and a sealed one says why it opens nothing', async () => {
  const head = await personWith(suite, 'HEADTEACHER', 2);
  const theirs = await suite.open();
  const school = head.school.split('/').at(-1);
  await signIn(theirs, suite, head, { path: `/schools/${school}?element=culture` });
  const index = theirs.locator('[data-measure="culture.index"]');
  await index.getByRole('button', { name: /^Records/ }).first().click();
  const drawer = theirs.getByRole('dialog', { name: /Culture index/ });
  await drawer.getByText('The answers were destroyed').waitFor();
  await assertAccessible(theirs, 'behind a figure of culture');
  await drawer.locator('a.record-open').first().click();
  await theirs.getByRole('region', { name: 'Indices by school' }).waitFor();

  await theirs.goto(`${suite.url}/schools/${school}?element=coaching`);
  const cycles = theirs.locator('[data-measure="coaching.active-cycles"]');
  await cycles.getByRole('button', { name: /^How it is made/ }).click();
  await cycles.getByText('What is behind it is sealed').waitFor();
  assert.equal(await cycles.getByRole('button', { name: /^Records/ }).count(), 0);
});
