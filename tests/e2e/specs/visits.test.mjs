// An executive headteacher's visits: plan, record, complete, call off; what was agreed; and a note that nobody else can read.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../harness.mjs';
import { assertAccessible, chiefExecutive, executiveHead, held, openSuite, signIn } from './support.mjs';

let suite;
before(async () => {
  suite = await openSuite();
});
after(() => suite.remove());

// Texts of this run, so that a second run against the same suite does not find those of the first.
const RUN = Date.now().toString(36);
const NOTE = `For my eyes: the new deputy needs time. ${RUN}`;
const AGREED = `Send the reading list to Year 4 (${RUN})`;
const PURPOSE = `Writing across the curriculum ${RUN}`;

test('a visit is recorded on a phone, with what was agreed and a private note', async () => {
  const page = await suite.open({ phone: true });
  const person = await executiveHead(suite);
  await signIn(page, suite, person);
  await page.getByRole('heading', { name: 'Visits', level: 1 }).waitFor();
  await page.locator('.school-card').first().waitFor();
  await assertAccessible(page);

  const card = page.locator('.school-card').first();
  const school = await card.locator('strong').textContent();
  await card.getByRole('button').tap();
  await page.getByText('Only you can read this note.').waitFor();
  await page.getByRole('button', { name: 'Record', exact: true }).tap();
  await page.getByText('Say in a few words what the visit is for').waitFor();
  await page.getByRole('button', { name: 'Learning walk', exact: true }).tap();
  await page.getByLabel('What was seen').fill('Books are marked and pupils know why.');
  await page.getByRole('button', { name: 'Add what was agreed' }).tap();
  await page.getByLabel('What is to be done (1)').fill(AGREED);
  await page.getByLabel('Until', { exact: true }).fill('2026-12-18');
  await page.getByLabel('Private note').fill(NOTE);
  await assertAccessible(page);
  await page.getByRole('button', { name: 'Record', exact: true }).tap();
  const open = page.getByRole('button', { name: /^All \d+ that are open/ });
  await until('what was agreed', async () => {
    if (await open.count()) await open.tap();
    return page.locator('.record:not([data-waiting])', { hasText: AGREED }).count();
  });

  const schoolId = (await (await page.request.get(`${suite.url}/auth/me`)).json()).schools.find(
    (entry) => entry.displayName === school,
  ).name;
  const mine = await until('the visit', async () =>
    (await held(page, `${schoolId}/visits`, `leader = "${person.person}"`)).find((visit) =>
      visit.followUps?.some(({ action }) => action === AGREED),
    ),
  );
  assert.equal(mine.state, 'MADE');
  const read = (other) => other.evaluate(async (name) => (await fetch(`/v1/${name}`)).json(), mine.name);
  assert.equal((await read(page)).privateNote, NOTE);

  // The CEO may read the visit, and not the note.
  const other = await suite.open();
  await signIn(other, suite, await chiefExecutive(suite));
  const seen = await read(other);
  assert.equal(seen.seen, 'Books are marked and pupils know why.');
  assert.ok(!seen.privateNote);
  assert.equal(JSON.stringify(await held(other, `${schoolId}/visits`)).includes(NOTE), false);

  // Its author finds the note again.
  await page.locator('.record', { hasText: AGREED }).first().locator('.record-open').tap();
  await until('the note', async () => (await page.getByLabel('Private note').inputValue()) === NOTE);
  await page.getByRole('button', { name: 'Close', exact: true }).last().tap();
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  // What was agreed is ticked off, and the tick can be undone.
  const row = page.locator('.record', { hasText: AGREED });
  await row.first().getByRole('checkbox').tap();
  await until('it is done', async () => (await row.count()) === 0);
  await page
    .locator('.toast', { hasText: `Done: ${AGREED}` })
    .getByRole('button', { name: 'Undo' })
    .tap();
  await row.first().waitFor();
});

test('a visit is planned, changed and called off', async () => {
  const page = await suite.open();
  const person = await executiveHead(suite);
  await signIn(page, suite, person);
  await page.getByRole('button', { name: 'Visit', exact: true }).first().click();
  await page.getByLabel('School', { exact: true }).selectOption({ index: 1 });
  const day = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel('Day', { exact: true }).fill(day);
  await page.getByLabel('Time', { exact: true }).fill('13:30');
  await page.getByLabel('Purpose', { exact: true }).fill(PURPOSE);
  await page.getByRole('button', { name: 'Plan', exact: true }).click();
  const row = page.locator('.record:not([data-waiting])', { hasText: PURPOSE }).first();
  await row.waitFor();
  assert.match(await row.textContent(), /Planned/);

  await row.getByRole('button').click();
  await page.getByText('It can be marked as made once its time has come.').waitFor();
  await page.getByLabel('Purpose', { exact: true }).fill(`${PURPOSE}, with books`);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page
    .locator('.record', { hasText: `${PURPOSE}, with books` })
    .first()
    .getByRole('button')
    .click();
  await page.getByRole('button', { name: 'Call off' }).click();
  await page.getByRole('button', { name: 'Yes, call off for good' }).click();
  await until('called off', async () =>
    /Called off/.test(
      (await page
        .locator('.record', { hasText: `${PURPOSE}, with books` })
        .first()
        .textContent()) ?? '',
    ),
  );
});
