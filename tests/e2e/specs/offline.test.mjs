// Recording without a network: kept on the phone, shown as waiting, sent when it is back; once and only once, also after the tab was closed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../harness.mjs';
import { assertAccessible, headteacher, held, openDay, openSuite, signIn, workerReady } from './support.mjs';

let suite;
before(async () => {
  suite = await openSuite();
});
after(() => suite.remove());

// Texts of this run, so that a second run against the same suite does not find those of the first.
const RUN = Date.now().toString(36);
const collectionOf = (person, school, name) => `trusts/${person.person.split('/')[1]}/schools/${school}/${name}`;

async function logDropIn(page, focus = 0) {
  await page.locator('.class-button').first().tap();
  await page.locator('.focus-button').nth(focus).tap();
  await page.locator('.saved-note').waitFor();
  await page.getByRole('button', { name: 'Done', exact: true }).tap();
  await page.locator('.saved-note').waitFor({ state: 'detached' });
}

test('what is recorded without a network is sent once when it is back', async () => {
  const page = await suite.open({ phone: true });
  const person = await headteacher(suite, 0);
  const school = await openDay(page, suite, person);
  const dropIns = collectionOf(person, school, 'dropIns');
  const filter = `leader = "${person.person}"`;
  const already = (await held(page, dropIns, filter)).length;

  await page.context().setOffline(true);
  await page.getByText('No connection.').waitFor();
  await logDropIn(page, 0);
  await logDropIn(page, 1);
  await page.getByRole('button', { name: 'Record a lunch duty' }).tap();
  await page.getByText('3 records wait on this device').waitFor();
  assert.equal(await page.locator('.record[data-waiting]').count(), 3);
  assert.match(await page.locator('.record[data-waiting]').first().textContent(), /waiting to be sent/);
  await assertAccessible(page);

  await page.context().setOffline(false);
  await until(
    'nothing waits',
    async () => (await page.locator('.record[data-waiting]').count()) === 0 && (await page.locator('.sync').count()) === 0,
  );
  assert.equal((await held(page, dropIns, filter)).length, already + 2);
});

test('an answer that is lost on the way does not double the record', async () => {
  const page = await suite.open({ phone: true, serviceWorkers: 'block' });
  const person = await headteacher(suite, 1);
  const school = await openDay(page, suite, person);
  const dropIns = collectionOf(person, school, 'dropIns');
  const filter = `leader = "${person.person}"`;
  const already = (await held(page, dropIns, filter)).length;
  let lost = 0;
  await page.route('**/CreateDropIn', async (route) => {
    if (lost++ > 1) return route.continue();
    await route.fetch(); // The server writes it ...
    return route.abort('connectionreset'); // ... and nobody hears of it.
  });
  await logDropIn(page);
  await page.locator('.record[data-waiting]').waitFor();
  await until('nothing waits', async () => (await page.locator('.record[data-waiting]').count()) === 0);
  assert.ok(lost >= 3, `sent ${lost} times`);
  assert.equal((await held(page, dropIns, filter)).length, already + 1);
});

test('closing the tab without a network loses nothing, and the page opens without one', async () => {
  const first = await suite.open({ phone: true });
  const person = await headteacher(suite, 2);
  const school = await openDay(first, suite, person);
  const dropIns = collectionOf(person, school, 'dropIns');
  const filter = `leader = "${person.person}"`;
  const already = (await held(first, dropIns, filter)).length;
  await workerReady(first);
  const context = first.context();
  await context.setOffline(true);
  await logDropIn(first);
  await first.locator('.class-button').first().tap();
  await first.locator('.focus-button').first().tap();
  await first.getByLabel('Went well').fill(`Typed as the tab was closed ${RUN}`);
  await first.close();

  const second = await context.newPage();
  await second.goto(`${suite.url}/day`);
  await second.locator('.class-button').first().waitFor();
  await until('both still wait', async () => (await second.locator('.record[data-waiting]').count()) === 2);
  await logDropIn(second, 2);
  await context.setOffline(false);
  await until(
    'nothing waits',
    async () => (await second.locator('.record[data-waiting]').count()) === 0 && (await second.locator('.sync').count()) === 0,
  );
  const records = await held(second, dropIns, filter);
  assert.equal(records.length, already + 3);
  assert.equal(records.filter((record) => record.wentWell === `Typed as the tab was closed ${RUN}`).length, 1);
});

test('another person on the same phone neither sees nor sends what waits', async () => {
  const page = await suite.open({ phone: true });
  const owner = await headteacher(suite, 3);
  const other = await headteacher(suite, 4);
  const school = await openDay(page, suite, owner);
  const filter = `leader = "${owner.person}"`;
  const dropIns = collectionOf(owner, school, 'dropIns');
  const already = (await held(page, dropIns, filter)).length;
  await workerReady(page);
  await page.context().setOffline(true);
  await logDropIn(page);
  await page.getByRole('button', { name: /settings and sign out/ }).tap();
  await page.getByRole('menuitem', { name: 'Sign out' }).tap();
  await page.getByRole('heading', { name: 'Fivestrand' }).waitFor();
  await page.context().setOffline(false);
  await signIn(page, suite, other);
  await page.locator('.class-button').first().waitFor();
  assert.equal(await page.locator('.record[data-waiting]').count(), 0);
  await page.goto(`${suite.url}/waiting`);
  await page.getByText('1 record of somebody else also waits on this device').waitFor();
  await page.getByRole('button', { name: /settings and sign out/ }).tap();
  await page.getByRole('menuitem', { name: 'Sign out' }).tap();
  await signIn(page, suite, owner, { path: '/day' });
  await until('it is sent for its owner', async () => (await held(page, dropIns, filter)).length === already + 1);
});

test('a record that the server refuses is kept, with the reason, and can be thrown away', async () => {
  const page = await suite.open({ phone: true, serviceWorkers: 'block' });
  const person = await headteacher(suite, 5);
  await openDay(page, suite, person);
  // Another class than any that exists: the reference is refused.
  await page.route('**/CreateDropIn', async (route) => {
    const body = route.request().postDataBuffer();
    const at = body.indexOf('/classes/');
    if (at > 0) body[at + 9] = 'z'.charCodeAt(0);
    await route.continue({ postData: body });
  });
  await logDropIn(page);
  await page.getByRole('link', { name: '1 needs you' }).tap();
  await page.getByText('Not accepted:').waitFor();
  await assertAccessible(page);
  await page.getByRole('button', { name: 'Throw away' }).tap();
  await until('it is gone', async () => (await page.locator('.refused').count()) === 0);
});

test('a session that ends while one types leads to sign-in and back, with the typing kept', async () => {
  const page = await suite.open({ phone: true });
  const person = await headteacher(suite, 6);
  await openDay(page, suite, person);
  await page.getByRole('button', { name: /Record a modelled lesson/ }).tap();
  await page.getByLabel('What you modelled').fill('Half a sentence');
  await page.context().clearCookies();
  await page.reload();
  await page.getByText('You were signed out').waitFor();
  await signIn(page, suite, person, { path: new URL(page.url()).pathname + new URL(page.url()).search });
  await page.getByText('What you typed before is back.').waitFor();
  assert.equal(await page.getByLabel('What you modelled').inputValue(), 'Half a sentence');
});
