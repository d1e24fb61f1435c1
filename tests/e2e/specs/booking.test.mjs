// The last place of a course: two people want it, one has it, the other waits and gets it once it is given up.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { signInAs } from '../caller.mjs';
import { until } from '../harness.mjs';
import { openEvent } from './seed.mjs';
import { assertAccessible, openSuite, personWith, signIn } from './support.mjs';

const TITLE = `Phonics for everybody ${Date.now().toString(36)}`;

let suite;
let lead;
let event;
before(async () => {
  suite = await openSuite();
  lead = await signInAs(suite, 'CPD lead');
  event = await openEvent(lead, { title: TITLE, seats: 1 });
});
after(() => suite.remove());

async function openCourse(index, context) {
  const page = await suite.open(context);
  const person = await personWith(suite, 'TEACHER', index);
  await signIn(page, suite, person, { path: '/learning' });
  await page.locator('button.record-open', { hasText: TITLE }).click();
  const sheet = page.getByRole('dialog', { name: TITLE });
  await sheet.waitFor();
  return { page, sheet, person };
}

const seats = async () => (await lead.ok('GET', `/v1/${lead.trust}/openEvents?pageSize=200`)).openEvents.find((one) => one.event.name === event.name);

test('both ask for the last place at once, one gets it, the other waits and moves up', async () => {
  const both = await Promise.all([openCourse(10, { phone: true }), openCourse(11)]);
  // Both see it free, and ask at once.
  for (const { sheet } of both) await sheet.getByText('1 of 1 left').waitFor();
  await Promise.all(both.map(({ sheet }) => sheet.getByRole('button', { name: 'Book a place' }).click()));
  const stateOf = async ({ sheet }) => ((await sheet.getByRole('status').count()) ? sheet.getByRole('status').first().textContent() : '');
  const states = await until('both are answered', async () => {
    const now = await Promise.all(both.map(stateOf));
    return now.every(Boolean) && now;
  });
  assert.deepEqual([...states].sort(), ['On the waiting list.', 'You have a place.']);
  const now = await seats();
  assert.deepEqual([now.seatsTaken, now.seatsLeft ?? 0, now.waiting], [1, 0, 1]);

  const winner = both[states.indexOf('You have a place.')];
  const waiter = both[states.indexOf('On the waiting list.')];
  assert.equal(await waiter.sheet.getByRole('button', { name: 'Book a place' }).count(), 0);
  await waiter.sheet.getByText('0 of 1 left, 1 waiting').waitFor();
  for (const { page } of both) await assertAccessible(page);

  await winner.sheet.getByRole('button', { name: 'Give it up' }).click();
  await until('the place is taken again', async () => (await seats()).waiting === undefined && (await seats()).seatsTaken === 1);
  // Whoever waited sees the place without asking again.
  await until('the place', async () => (await stateOf(waiter)) === 'You have a place.', { seconds: 20 });
  await waiter.page.getByRole('button', { name: 'Close', exact: true }).last().click();
  await waiter.page.getByRole('region', { name: 'Mine' }).locator('.record', { hasText: TITLE }).waitFor();
  await assertAccessible(waiter.page);
});

test('the place goes into a calendar', async () => {
  const { page, sheet } = await openCourse(12);
  const [download] = await Promise.all([page.waitForEvent('download'), sheet.getByRole('button', { name: 'Add to calendar' }).click()]);
  assert.match(download.suggestedFilename(), /\.ics$/);
  const text = fs.readFileSync(await download.path(), 'utf8');
  assert.match(text, /^BEGIN:VCALENDAR\r\n/);
  assert.match(text.replaceAll('\r\n ', ''), new RegExp(`SUMMARY:${TITLE}`));
});
