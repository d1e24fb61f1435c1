// Running professional development: the catalogue, an event that changes, bookings for others, the register, and what is said of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { signInAs } from '../caller.mjs';
import { until } from '../harness.mjs';
import { inDays, openEvent } from './seed.mjs';
import { assertAccessible, choosePerson, openSuite, personWith, signIn } from './support.mjs';

const MARK = Date.now().toString(36);

let suite;
let lead;
let page;
before(async () => {
  suite = await openSuite();
  lead = await signInAs(suite, 'CPD lead');
  page = await suite.open();
  await signIn(page, suite, lead.person, { path: '/learning/manage' });
});
after(() => suite.remove());

const idOf = (name) => name.split('/').at(-1);
const bookingsOf = async (event) => (await lead.ok('GET', `/v1/${lead.trust}/bookings?pageSize=200&filter=${encodeURIComponent(`event = "${event.name}"`)}`)).bookings ?? [];
async function openEventSheet(event) {
  await page.goto(`${suite.url}/learning/manage?register=${idOf(event.name)}`);
  const sheet = page.getByRole('dialog', { name: event.title });
  await sheet.getByRole('heading', { name: 'Have a place' }).waitFor();
  return sheet;
}

test('a course is changed, taken out, and brought back', async () => {
  const title = `Oracy ${MARK}`;
  const course = await lead.ok('POST', `/v1/${lead.trust}/courses`, { title, kind: 'WORKSHOP' });
  await page.goto(`${suite.url}/learning/manage?course=${idOf(course.name)}`);
  await page.getByLabel('Title').fill(`${title}, revised`);
  await page.getByLabel('Kind').selectOption({ label: 'Programme' });
  await assertAccessible(page, 'changing a course');
  await page.getByRole('button', { name: 'Keep it' }).click();
  await page.locator('.catalogue .record', { hasText: `${title}, revised` }).getByRole('button').click();
  await page.getByRole('button', { name: 'Take it out of the catalogue' }).click();
  await page.locator('.catalogue .record', { hasText: title }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.locator('.catalogue .record', { hasText: `${title}, revised` }).waitFor();
  assert.equal((await lead.ok('GET', `/v1/${course.name}`)).kind, 'PROGRAMME');
});

test('an event: booking for others, moving it, fewer places than are taken, and calling it off', async () => {
  const people = await Promise.all([30, 31].map((index) => personWith(suite, 'TEACHER', index)));
  const event = await openEvent(lead, { title: `Feedback ${MARK}`, seats: 1 });
  const sheet = await openEventSheet(event);
  for (const person of people) {
    await choosePerson(page, 'Whom', person);
    await sheet.getByRole('button', { name: /^(Give them a place|Put them on the waiting list)$/ }).click();
    await sheet.locator('.booking-list li', { hasText: person.displayName }).waitFor();
  }
  await sheet.getByText('1 of 1 taken, 1 waiting').waitFor();
  await sheet.getByRole('heading', { name: 'Waiting list' }).waitFor();
  await assertAccessible(page, 'bookings of an event');

  // A second place goes to whoever waits; then one place is too few.
  await sheet.getByText('Change', { exact: true }).click();
  const moved = inDays(28).toISOString().slice(0, 10);
  await sheet.getByLabel('Day', { exact: true }).fill(moved);
  await sheet.getByLabel('Place', { exact: true }).fill('Drama studio');
  await sheet.getByLabel('Places').fill('2');
  await sheet.getByLabel('Cost of a place, £').fill('12.50');
  await assertAccessible(page, 'changing an event');
  await sheet.getByRole('button', { name: 'Keep it' }).click();
  await sheet.getByText('2 of 2 taken').waitFor();
  await sheet.getByText('Drama studio').waitFor();
  await sheet.getByText('£25.00 (£12.50 a place)').waitFor();
  await sheet.getByText('Change', { exact: true }).click();
  await sheet.getByLabel('Places').fill('1');
  await sheet.getByRole('button', { name: 'Keep it' }).click();
  await sheet.getByText('2 places are taken.').waitFor();
  assert.equal((await lead.ok('GET', `/v1/${event.name}`)).seats, 2, 'the refused change was not made');

  await sheet.getByText('Bookings', { exact: true }).click();
  await sheet.getByRole('button', { name: `Take out ${people[1].displayName}` }).click();
  await sheet.getByText('1 of 2 taken').waitFor();

  await sheet.getByText('Change', { exact: true }).click();
  await sheet.getByRole('button', { name: 'Call it off' }).click();
  await sheet.getByText('1 person loses the place').waitFor();
  await sheet.getByRole('button', { name: 'Yes, call it off' }).click();
  await until('it is called off', async () => (await lead.ok('GET', `/v1/${event.name}`)).state === 'CANCELLED');

  // Whoever had the place is told on their own page.
  const theirs = await suite.open({ phone: true });
  await signIn(theirs, suite, people[0], { path: '/learning' });
  await theirs.getByRole('region', { name: 'Mine' }).locator('.record', { hasText: event.title }).getByText('called off, it does not take place').waitFor();
  await assertAccessible(theirs, 'a course that was called off');
});

test('the register is kept, corrected, and what was said can be changed', async () => {
  const teacher = await personWith(suite, 'TEACHER', 32);
  const course = await lead.ok('POST', `/v1/${lead.trust}/courses`, { title: `Phonics ${MARK}`, kind: 'WORKSHOP' });
  const event = await lead.ok('POST', `/v1/${lead.trust}/cpdEvents`, {
    course: course.name,
    seats: 5,
    leader: lead.person.person,
    dates: [{ startTime: inDays(-20).toISOString(), endTime: new Date(inDays(-20).getTime() + 5_400_000).toISOString() }],
  });
  await lead.ok('POST', `/v1/${lead.trust}/bookings`, { event: event.name, person: teacher.person });
  const sheet = await openEventSheet(event);
  await sheet.getByText('Register', { exact: true }).click();
  await sheet.getByLabel(teacher.displayName).check();
  await sheet.getByRole('button', { name: 'Record attendance' }).click();
  await sheet.getByText('not there', { exact: true }).waitFor();
  // It opens as it was kept, and a correction changes no more than was touched.
  assert.equal(await sheet.getByLabel(teacher.displayName).isChecked(), true);
  await assertAccessible(page, 'a register');
  await sheet.getByLabel(teacher.displayName).uncheck();
  await sheet.getByRole('button', { name: 'Correct the register' }).click();
  await until('attended', async () => (await bookingsOf(event))[0].state === 'ATTENDED');

  const theirs = await suite.open({ phone: true });
  await signIn(theirs, suite, teacher, { path: '/learning' });
  const own = theirs.getByRole('region', { name: 'Mine' }).locator('.record', { hasText: event.title });
  await own.getByRole('button', { name: /^Evaluate/ }).click();
  await own.getByLabel('It was worth the time').selectOption('3');
  await own.getByRole('button', { name: 'Send' }).click();
  await own.getByRole('button', { name: /^Change it/ }).click();
  await own.getByLabel('It was worth the time').selectOption('5');
  await own.getByLabel('Comment').fill('Better than I thought.');
  await assertAccessible(theirs, 'changing an evaluation');
  await own.getByRole('button', { name: 'Keep it' }).click();
  await theirs.getByText('Changed.', { exact: true }).waitFor();
  await own.getByText('evaluated').waitFor();

  await openEventSheet(event);
  await sheet.getByText('1.5 hours').waitFor();
  await sheet.getByText('Evaluations', { exact: true }).click();
  await sheet.getByText('Better than I thought.').waitFor();
  await assertAccessible(page, 'evaluations of an event');
});

test('whoever leads an event keeps its register without running the catalogue', async () => {
  const leader = await personWith(suite, 'TEACHER', 33);
  const course = await lead.ok('POST', `/v1/${lead.trust}/courses`, { title: `Led ${MARK}`, kind: 'WORKSHOP' });
  const event = await lead.ok('POST', `/v1/${lead.trust}/cpdEvents`, {
    course: course.name,
    seats: 5,
    leader: leader.person,
    dates: [{ startTime: inDays(-2).toISOString(), endTime: new Date(inDays(-2).getTime() + 3_600_000).toISOString() }],
  });
  const guest = await personWith(suite, 'TEACHER', 34);
  await lead.ok('POST', `/v1/${lead.trust}/bookings`, { event: event.name, person: guest.person });
  const theirs = await suite.open({ phone: true });
  await signIn(theirs, suite, leader, { path: '/learning' });
  await theirs.getByRole('region', { name: 'Led by me' }).locator('.record', { hasText: event.title }).getByRole('button').click();
  await theirs.getByRole('button', { name: 'Record attendance' }).click();
  await until('attended', async () => (await bookingsOf(event))[0].state === 'ATTENDED');
  await assertAccessible(theirs, 'a register on a phone');
});
