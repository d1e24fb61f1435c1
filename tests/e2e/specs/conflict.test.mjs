// Two people change one record: what touches different fields is merged, what touches the same field stands side by side.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../harness.mjs';
import { assertAccessible, headteacher, held, openDay, openSuite } from './support.mjs';

// The text of this run.
const MORE = `More pupils answer ${Date.now().toString(36)}.`;

let suite;
before(async () => {
  suite = await openSuite();
});
after(() => suite.remove());

test('both texts are shown at the field, and neither is lost', async () => {
  const person = await headteacher(suite, 0);
  const one = await suite.open({ phone: true });
  const two = await suite.open();
  const school = await openDay(one, suite, person);
  await openDay(two, suite, person);
  await one.locator('.class-button').first().tap();
  await one.locator('.focus-button').first().tap();
  await one.getByText('Saved', { exact: true }).waitFor();
  await one.getByRole('button', { name: 'Done', exact: true }).tap();

  const open = (page) =>
    page.locator('.records .record:not([data-waiting])', { hasText: 'Drop-in' }).first().locator('.record-open').click();
  await open(one);
  await open(two);
  for (const page of [one, two]) await page.getByLabel('Went well').waitFor();
  await one.getByLabel('Went well').fill('Calm entry routine.');
  await two.getByLabel('Went well').fill('Modelling on the board.');
  await two.getByLabel('Even better if').fill(MORE);
  await one.getByRole('button', { name: 'Save', exact: true }).click();
  await one.getByText('Saved', { exact: true }).waitFor();

  await two.getByRole('button', { name: 'Save', exact: true }).click();
  await two.getByText('Went well: two versions').waitFor();
  const conflict = two.locator('.conflict');
  assert.match(await conflict.textContent(), /Modelling on the board\./);
  assert.match(await conflict.textContent(), /Calm entry routine\./);
  assert.equal(await two.getByRole('button', { name: 'Save', exact: true }).isDisabled(), true);
  await assertAccessible(two);
  await two.getByRole('button', { name: 'Put both together' }).click();
  await two.getByRole('button', { name: 'Save', exact: true }).click();

  const collection = `trusts/${person.person.split('/')[1]}/schools/${school}/dropIns`;
  const merged = await until('the merged record', async () =>
    (await held(two, collection, `leader = "${person.person}"`)).find((record) => record.evenBetterIf === MORE),
  );
  assert.match(merged.wentWell, /Calm entry routine\./);
  assert.match(merged.wentWell, /Modelling on the board\./);
});
