// Sealed records as those who are named in them use them: a worry, support, promises, letting in, handing over, and the emergency.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { signInAs } from '../caller.mjs';
import { until } from '../harness.mjs';
import { dateOf, inDays } from './seed.mjs';
import { assertAccessible, choosePerson, demoPeople, openSuite, personWith, signIn } from './support.mjs';

const WORRY = 'I have not slept since the inspection.';
const NOTE = 'Sounds exhausted; look at the timetable.';
const AGREED = 'No evening meetings until Easter.';

let suite;
let hr;
let teacher;
let friend;
before(async () => {
  suite = await openSuite();
  hr = await signInAs(suite, 'HR director');
  teacher = await personWith(suite, 'TEACHER', 20);
  friend = await personWith(suite, 'TEACHER', 21);
});
after(() => suite.remove());

const officer = async (title) => (await demoPeople(suite)).find(({ postTitle }) => postTitle === title);

async function openAs(person, path, context) {
  const page = await suite.open(context);
  await signIn(page, suite, person, { path });
  return page;
}

/** Neither the address nor the title of the tab says whom or what a sealed record is about. */
async function assertQuiet(page, ...words) {
  const outside = `${page.url()} ${await page.title()}`.toLowerCase();
  for (const word of words) assert.ok(!outside.includes(word.toLowerCase()), `${word} shows in ${outside}`);
}

test('a worry is told, taken in hand, let in to, and closed', async () => {
  const own = await openAs(teacher, '/wellbeing', { phone: true });
  await own.getByRole('button', { name: 'Tell of a worry' }).click();
  await own.getByLabel('What worries you').fill(WORRY);
  await assertAccessible(own, 'telling');
  await own.getByRole('button', { name: 'Tell the HR director', exact: true }).click();
  const mine = own.getByRole('link', { name: /A worry about you/ }).first();
  await mine.waitFor();

  const holder = await openAs(hr.person, '/wellbeing/held');
  await holder.getByRole('link', { name: new RegExp(`${teacher.displayName}.*New`) }).click();
  await holder.getByText(WORRY).waitFor();
  await holder.getByLabel('Your own note').fill(NOTE);
  await holder.getByLabel('What is agreed').fill(AGREED);
  await holder.getByRole('button', { name: 'Take it in hand' }).click();
  await holder.getByText(/^In hand/).waitFor();
  await assertQuiet(holder, teacher.displayName, 'worry', WORRY, NOTE);
  await assertAccessible(holder, 'a concern held');

  await mine.click();
  await own.getByText(AGREED).waitFor();
  assert.equal(await own.getByText(NOTE).count(), 0, 'the holder’s own note is not for the person');

  // Whom the person lets in reads it, and no longer once that is taken back.
  const other = await openAs(friend, '/wellbeing');
  await other.getByRole('heading', { name: 'About me' }).waitFor();
  const told = other.getByRole('link', { name: new RegExp(`A worry about ${teacher.displayName}`) });
  await other.getByRole('region', { name: 'About me' }).locator('.record, .empty').first().waitFor();
  assert.equal(await told.count(), 0);
  await choosePerson(own, 'Let somebody read this', friend);
  await own.getByRole('button', { name: 'Let them in' }).click();
  await own.getByRole('button', { name: /^Take it back/ }).waitFor();
  await assertAccessible(own, 'a concern of one’s own');
  const letIn = await own.getByRole('button', { name: /^Take it back/ }).textContent();
  assert.match(letIn, new RegExp(friend.displayName));
  await other.reload();
  await told.click();
  await other.getByText(NOTE).waitFor();
  assert.equal(await other.getByText(WORRY).count(), 0, 'what was told is for who told it and for the holder');
  await own.getByRole('button', { name: /^Take it back/ }).click();
  await own.getByText('Nobody so far.').waitFor();
  await other.reload();
  await other.getByText('This is not open to you').waitFor();

  await holder.getByRole('button', { name: 'Close it' }).click();
  await holder.getByText(/^Closed/).waitFor();
});

test('support is changed, and looked at again on a day that the person sees', async () => {
  const support = await hr.ok('POST', `/v1/${hr.trust}/supports`, { person: teacher.person, kind: 'WORKLOAD', startDate: dateOf(inDays(-7)), agreed: 'One class less.' });
  const path = `/wellbeing/supports/${support.name.split('/').at(-1)}`;
  const holder = await openAs(hr.person, path);
  await holder.getByLabel('Kind').selectOption({ label: 'Phased return' });
  await holder.getByRole('button', { name: 'Add a day to look at it again' }).click();
  await holder.getByLabel('Looked at again').waitFor();
  await holder.getByLabel('What is agreed').fill('Back in steps, three days first.');
  await holder.getByRole('button', { name: 'Keep it' }).click();
  await until('the change', async () => (await hr.ok('GET', `/v1/${support.name}`)).reviewDates?.length === 1);
  await assertQuiet(holder, teacher.displayName, 'phased');

  const own = await openAs(teacher, path, { phone: true });
  await own.getByText('Phased return').waitFor();
  await own.getByText('Looked at again').waitFor();
  await own.getByText('Back in steps, three days first.').waitFor();
  assert.equal(await own.getByLabel('What is agreed').count(), 0, 'the person reads it and does not write it');
  await assertAccessible(own, 'support of one’s own');

  await holder.getByRole('button', { name: 'It has ended' }).click();
  await holder.getByText(/^Ended/).waitFor();
});

test('a promise about a check-in stands first among what is due', async () => {
  const checkIn = await hr.ok('POST', `/v1/${hr.trust}/checkIns`, { person: teacher.person, plannedTime: inDays(3).toISOString() });
  const holder = await openAs(hr.person, `/wellbeing/check-ins/${checkIn.name.split('/').at(-1)}`);
  const yesterday = inDays(-1).toISOString().slice(0, 10);
  await holder.getByLabel('What will be done').fill('Ask for a quiet room.');
  await holder.getByLabel('Until').fill(yesterday);
  await holder.getByRole('button', { name: 'Promise it' }).click();
  await holder.getByRole('link', { name: /^To do, until/ }).waitFor();
  await holder.getByRole('link', { name: 'Check-ins', exact: true }).click();
  const first = holder.getByRole('region', { name: 'Promised' }).locator('.record').first();
  await first.getByText('overdue').waitFor();
  await first.getByRole('button', { name: /^Done/ }).click();
  await until('the promise is kept', async () => {
    const { followUps } = await hr.ok('GET', `/v1/${hr.trust}/welfareFollowUps?person=${teacher.person}&showEnded=true`);
    return followUps?.some(({ record, state }) => record === checkIn.name && state === 'DONE');
  });
});

test('the HR director hands one record over, and cannot read it any more', async () => {
  const checkIn = await hr.ok('POST', `/v1/${hr.trust}/checkIns`, { person: friend.person, plannedTime: inDays(5).toISOString() });
  const path = `/wellbeing/check-ins/${checkIn.name.split('/').at(-1)}`;
  const ceo = await personWith(suite, 'CEO');
  const holder = await openAs(hr.person, path);
  await holder.getByRole('button', { name: 'Hand it over' }).click();
  await choosePerson(holder, 'To whom', ceo);
  await holder.getByRole('button', { name: 'Hand it over' }).click();
  await holder.getByText('Handed over.').waitFor();
  await holder.goto(suite.url + path);
  await holder.getByText('This is not open to you').waitFor();

  const next = await openAs(ceo, '/wellbeing/held');
  await next.locator(`a[href="${path}"]`).click();
  await next.getByLabel('Your own note').waitFor();
  // All that the CEO holds goes back.
  await next.goto(`${suite.url}/wellbeing/held?add=hand-over`);
  await choosePerson(next, 'To whom', hr.person);
  await assertAccessible(next, 'handing over');
  await next.getByRole('button', { name: 'Hand over', exact: true }).last().click();
  await next.getByText(/records? (was|were) handed over/).waitFor();
  await until('it is back', async () => (await hr.call('GET', `/v1/${checkIn.name}`)).status === 200);
});

test('what somebody who works here holds cannot be taken from them', async () => {
  const ceo = await personWith(suite, 'CEO');
  const page = await openAs(hr.person, '/wellbeing/held?add=hand-over');
  await page.getByLabel('What', { exact: true }).selectOption({ label: 'What somebody has left behind' });
  await choosePerson(page, 'Who held it', ceo);
  await page.getByRole('button', { name: 'Hand over', exact: true }).last().click();
  await page.getByText('This is not open to you').waitFor();
});

test('an emergency: the person and the second officer are told at once, on every page', async () => {
  const reason = 'Her sister fears that she will hurt herself tonight.';
  const dpo = await officer('Data protection officer');
  const own = await openAs(teacher, '/learning', { phone: true });
  await own.locator('.page-head').waitFor();
  const breaker = await openAs(dpo, '/wellbeing/emergency');
  await choosePerson(breaker, 'Whose records', teacher);
  await breaker.getByLabel('Why').fill(reason);
  await breaker.getByRole('button', { name: 'Open the records' }).click();
  await breaker.getByRole('button', { name: 'Yes, tell them and open the records' }).click();
  await breaker.getByText(new RegExp(`${teacher.displayName} and ${hr.person.displayName} have been told`)).waitFor();
  await breaker.getByText(WORRY).first().waitFor();
  await assertQuiet(breaker, teacher.displayName, WORRY);
  await assertAccessible(breaker, 'opened records');

  for (const [page, whose] of [
    [own, 'your records'],
    [await openAs(hr.person, '/learning'), `the records of ${teacher.displayName}`],
  ]) {
    await page.reload();
    await page.locator('.record, .empty').first().waitFor();
    const bar = page.locator('.seal-notice');
    await bar.waitFor();
    assert.equal(await bar.textContent(), 'There is a notice for you. Read it', 'nothing that others may not see');
    await assertAccessible(page, 'the bar');
    await bar.getByRole('link').click();
    await page.getByText(`${dpo.displayName} opened ${whose}`, { exact: false }).first().waitFor();
    await page.getByText(reason).first().waitFor();
    await bar.waitFor({ state: 'detached' });
    await assertAccessible(page, 'the notice');
  }
  // Whom it does not concern is told nothing, once the page has been answered.
  const nobody = await openAs(friend, '/wellbeing');
  const answered = nobody.waitForResponse(/ListNotices/);
  await nobody.reload();
  await (await answered).finished();
  await nobody.getByRole('region', { name: 'About me' }).locator('.record, .empty').first().waitFor();
  assert.equal(await nobody.locator('.seal-notice').count() + (await nobody.getByText('Opened in an emergency').count()), 0);
});
