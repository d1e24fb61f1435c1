// The school and trust pages: every figure opens, what is hidden says why, and the numbers are there without the picture.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../harness.mjs';
import { assertAccessible, chiefExecutive, headteacher, openDay, openSuite, personWith, signIn } from './support.mjs';

let suite;
before(async () => {
  suite = await openSuite();
});
after(() => suite.remove());

test('a figure opens to its chart, its table, its formula and the records behind it', async () => {
  const page = await suite.open();
  await openDay(page, suite, await headteacher(suite, 0));
  await page.getByRole('link', { name: 'School', exact: true }).click();
  // Forty elements in five strands, one of them opened in place.
  await page.locator('.strand').nth(4).waitFor();
  assert.equal(await page.locator('.element-tile').count(), 40);
  await assertAccessible(page);
  await page.locator('[data-element="visible-headteacher"]').click();
  await page.locator('.tile').first().waitFor();
  await page.locator('.heat').waitFor();
  await assertAccessible(page);

  const tile = page.locator('.tile', { has: page.locator('.tile-toggle', { hasText: 'Records' }) }).first();
  const title = await tile.locator('.tile-title').textContent();
  await tile.getByRole('button', { name: /How it is made/ }).click();
  await tile.getByText('How it is computed.').waitFor();
  await tile.locator('.numbers tbody tr').first().waitFor();
  await tile.locator('.chart svg, .tile-more .as-of').first().waitFor();
  await assertAccessible(page);

  await tile.getByRole('button', { name: 'Records behind this figure' }).click();
  const drawer = page.getByRole('dialog', { name: `Behind “${title}”` });
  await drawer.locator('.record, .empty').first().waitFor();
  await assertAccessible(page);
  if (await drawer.locator('button.record-open').count()) {
    await drawer.locator('button.record-open').first().click();
    await page.getByRole('dialog').nth(1).waitFor();
    await page.goBack();
  }
});

test('a drop-in changes the school’s figures on another screen', async () => {
  const person = await headteacher(suite, 1);
  const wide = await suite.open();
  const phone = await suite.open({ phone: true });
  const school = await openDay(phone, suite, person);
  await signIn(wide, suite, person, { path: `/schools/${school}?element=visible-headteacher` });
  await wide.locator('.heat').waitFor();
  await wide.locator('.live[data-state="live"]').waitFor();
  const all = wide.locator('.heat tfoot td').last();
  const before = Number(await all.textContent());
  const adherence = wide.locator('[data-measure="visible-headteacher.drop-in-days"] .tile-facts');
  const adherenceBefore = await adherence.textContent();
  // A second drop-in on one day keeps the same commitment.
  const firstToday = /due/.test(await phone.locator('.beat[data-kind="DROP_IN"] .beat-state').textContent());
  await phone.locator('.class-button').first().tap();
  await phone.locator('.focus-button').first().tap();
  await phone.getByText('Saved', { exact: true }).waitFor();
  // A class with several subjects is asked for the one; a teaching group has only one.
  const subject = phone.locator('.saved .mantine-Chip-label').first();
  if (await subject.count()) await subject.tap();
  if (firstToday) await until('the adherence changes', async () => (await adherence.textContent()) !== adherenceBefore, { seconds: 15 });
  await until('the map counts it', async () => Number(await all.textContent()) === before + 1, { seconds: 15 });
});

test('the coverage map is walked with the arrow keys and opens its drop-ins', async () => {
  const page = await suite.open();
  const person = await headteacher(suite, 1);
  const school = await openDay(page, suite, person);
  await page.goto(`${suite.url}/schools/${school}?element=visible-headteacher`);
  await page.locator('.heat').waitFor();
  await page.getByText('Year so far').click();
  await page.locator('.heat-cell[data-openable]').first().waitFor();
  await page.locator('.heat [data-at="0,0"]').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.evaluate(() => document.activeElement.dataset.at), '1,1');
  assert.equal(await page.locator('.heat [tabindex="0"]').count(), 1);
  const cell = page.locator('.heat-cell[data-openable]').first();
  const count = Number(await cell.locator('.heat-count').textContent());
  await cell.focus();
  await page.keyboard.press('Enter');
  const drawer = page.getByRole('dialog');
  await until('the drop-ins of the cell', async () => (await drawer.locator('.record').count()) === Math.min(count, 50));
});

test('a director sees figures and no records, and is told why', async () => {
  const page = await suite.open();
  await signIn(page, suite, await personWith(suite, 'DIRECTOR'));
  await page.locator('.trust-table').waitFor();
  await assertAccessible(page);
  await page.locator('.trust-table tbody th a').first().click();
  await page.locator('[data-element="visible-headteacher"]').click();
  await page.locator('.tile').first().waitFor();
  assert.equal(await page.locator('.tile-toggle', { hasText: 'Records' }).count(), 0);
  await page.getByText('Not open to your role').first().waitFor();
  // Another element takes its place, and closing it leaves the strands.
  await page.locator('[data-element="culture"]').click();
  await page.locator('.element-title', { hasText: '2.1' }).waitFor();
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await page.locator('.element').waitFor({ state: 'detached' });
  assert.equal(await page.locator('.strand').count(), 5);
});

test('the trust’s table sorts', async () => {
  const page = await suite.open();
  await signIn(page, suite, await chiefExecutive(suite), { path: '/trust' });
  await page.locator('.trust-table tbody tr').nth(2).waitFor();
  await until('every school is there', async () => (await page.locator('.trust-table .trust-value').count()) > 6);
  const head = page.locator('.trust-table thead th').nth(1);
  await head.getByRole('button').click();
  const order = await head.getAttribute('aria-sort');
  await head.getByRole('button').click();
  assert.notEqual(await head.getAttribute('aria-sort'), order);
  await assertAccessible(page);
});
