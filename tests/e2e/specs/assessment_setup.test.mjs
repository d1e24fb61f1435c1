// What is set up before results come in, and what is kept of pupils, each by who keeps it: next year's windows, a window closed
// while somebody types, special needs with their dates, two records of one child, and how few pupils are few.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { signIn as call, signInAs, signInPerson } from '../caller.mjs';
import { until } from '../harness.mjs';
import { classWithPupils, upn } from './pupils.mjs';
import { assertAccessible, demoPeople, openSuite, personWith, signIn, sideways } from './support.mjs';

let suite;
let made;
let officer;
before(async () => {
  suite = await openSuite();
  made = await classWithPupils(suite, { count: 4 });
  const people = await demoPeople(suite);
  officer = (title) => people.find(({ postTitle }) => postTitle === title) ?? assert.fail(`nobody is ${title}`);
});
after(() => suite.remove());

const id = (name) => name.split('/').at(-1);

async function open(person, path, context = {}) {
  const page = await suite.open(context);
  await signIn(page, suite, person);
  await page.goto(suite.url + path);
  return page;
}

const windowsOf = async (year) => {
  const { assessmentWindows = [] } = await made.lead.ok('GET', `/v1/${made.lead.trust}/assessmentWindows?pageSize=200&filter=${encodeURIComponent(`academic_year = "${year}"`)}`);
  return assessmentWindows;
};
const pupilNamed = async (family) => {
  const { pupils = [] } = await made.lead.ok('GET', `/v1/${made.lead.trust}/pupils?filter=${encodeURIComponent(`family_name = "${family}"`)}`);
  return pupils;
};

/** Whether anything that the page keeps on the device holds the text. */
const isKept = (page, text) =>
  page.evaluate(async (text) => {
    const done = (request) => new Promise((resolve, reject) => Object.assign(request, { onsuccess: () => resolve(request.result), onerror: () => reject(request.error) }));
    for (const { name } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name));
      try {
        for (const store of database.objectStoreNames) {
          if (JSON.stringify(await done(database.transaction(store).objectStore(store).getAll())).includes(text)) return true;
        }
      } finally {
        database.close();
      }
    }
    return false;
  }, text);

test('a data lead makes next year’s windows from this year’s, edits them before, and takes them back', async () => {
  const next = `${Number(made.year.slice(0, 4)) + 1}-${String((Number(made.year.slice(0, 4)) + 2) % 100).padStart(2, '0')}`;
  const now = await windowsOf(made.year);
  const page = await open(officer('Data lead'), '/results/setup');
  await page.getByRole('button', { name: `Plan ${next.replace('-', '/')} from` }).click();
  const dialog = page.getByRole('dialog');
  await until('a row for each', async () => (await dialog.locator('.plan-row').count()) === now.length);
  await assertAccessible(page, 'planning a year');
  // One is left out, one gets another name, which a reload does not lose.
  const own = dialog.getByRole('group', { name: made.window.displayName });
  await own.getByRole('checkbox').uncheck();
  const first = dialog.locator('.plan-row:not([data-left-out])').first();
  await first.getByLabel('Name').fill('Looked over');
  await until('the device has kept it', () => isKept(page, 'Looked over'));
  await page.reload();
  await dialog.getByText('What you typed before is back').waitFor();
  await dialog.getByRole('group', { name: 'Looked over' }).waitFor();
  // A day outside of the year is refused before anything is sent.
  const looked = dialog.getByRole('group', { name: 'Looked over' });
  const start = await looked.getByLabel('First day').inputValue();
  await looked.getByLabel('First day').fill(`${made.year.slice(0, 4)}-10-01`);
  await dialog.getByRole('button', { name: /^Make \d+ window/ }).click();
  await looked.getByText(/Choose a day of/).waitFor();
  assert.equal((await windowsOf(next)).length, 0);
  await looked.getByLabel('First day').fill(start);
  await dialog.getByRole('button', { name: /^Make \d+ window/ }).click();
  await page.getByText(/windows? made/).waitFor();
  const planned = await windowsOf(next);
  assert.equal(planned.length, now.length - 1);
  const renamed = planned.find(({ displayName }) => displayName === 'Looked over');
  assert.ok(renamed.subjects.length > 0);
  assert.equal(`${renamed.startDate.year}-${String(renamed.startDate.month).padStart(2, '0')}-${String(renamed.startDate.day).padStart(2, '0')}`, start);
  await page.locator('.record', { hasText: 'Looked over' }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await until('they are gone', async () => (await windowsOf(next)).length === 0);
  await page.context().close();
});

test('a window is made, moved, and removed with an undo', async () => {
  const page = await open(officer('Data lead'), '/results/setup', { phone: true });
  await page.getByRole('button', { name: 'Window', exact: true }).click();
  const dialog = page.getByRole('dialog');
  const name = `Made here ${made.run}`;
  await dialog.getByLabel('Name').fill(name);
  const year = Number((await page.getByLabel('Academic year').inputValue()).slice(0, 4));
  await dialog.getByLabel('First day').fill(`${year}-11-20`);
  await dialog.getByLabel('Last day').fill(`${year}-11-10`);
  await dialog.getByText('Must not be before the first day').waitFor();
  await dialog.getByLabel('Last day').fill(`${year}-11-27`);
  await dialog.getByRole('button', { name: 'Make the window' }).click();
  await dialog.getByText('Choose what is assessed.').waitFor();
  await dialog.getByRole('checkbox').first().check();
  await assertAccessible(page, 'a new window');
  assert.ok((await sideways(page)) <= 0);
  await dialog.getByRole('button', { name: 'Make the window' }).click();
  const row = page.locator('.record', { hasText: name });
  await row.getByRole('button').click();
  // Extended.
  await dialog.getByLabel('Last day').fill(`${year}-12-04`);
  await dialog.getByRole('button', { name: 'Save' }).click();
  const held = async () => (await windowsOf(`${year}-${String((year + 1) % 100).padStart(2, '0')}`)).find(({ displayName }) => displayName === name);
  await until('it is longer', async () => (await held()).endDate.month === 12);
  await row.getByRole('button').click();
  await dialog.getByRole('button', { name: 'Remove this window' }).click();
  await until('it is gone', async () => !(await held()));
  await page.getByRole('button', { name: 'Undo' }).click();
  await until('it is back', held);
  // Two who change one window: both versions stand side by side.
  await row.getByRole('button').click();
  await dialog.getByLabel('Name').fill(`${name}, mine`);
  await made.lead.ok('PATCH', `/v1/${(await held()).name}?updateMask=display_name`, { displayName: `${name}, theirs` });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.locator('p', { hasText: `${name}, theirs` }).waitFor();
  await dialog.getByRole('button', { name: 'Keep yours' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.locator('.record', { hasText: `${name}, mine` }).waitFor();
  await page.context().close();
});

test('a window closed on the page takes nothing more from somebody who types, and says why', async () => {
  const people = await demoPeople(suite);
  const teacher = people.find(({ person }) => person === made.teacher);
  const query = new URLSearchParams({ school: id(made.school), class: id(made.schoolClass.name), window: id(made.window.name), subject: id(made.subject) });
  const [grid, setup] = await Promise.all([open(teacher, `/results/grid?${query}`), open(officer('Data lead'), `/results/setup?window=${id(made.window.name)}`)]);
  const row = grid.getByRole('row', { name: new RegExp(`^${made.pupils[0].family},`) });
  await row.getByRole('textbox').fill('W');
  // The teacher's page does not learn of it before typing on.
  await grid.route(/ReadGrid/, (route) => route.abort());
  await setup.getByRole('button', { name: 'Close it to results' }).click();
  await setup.getByText(/is closed: no result changes/).waitFor();
  await row.getByRole('textbox').fill('WTS');
  await until('the reason', async () => /closed/i.test(await row.textContent()));
  await grid.unroute(/ReadGrid/);
  await setup.getByRole('button', { name: 'Undo' }).click();
  await until('it is open again', async () => (await made.lead.ok('GET', `/v1/${made.window.name}`)).entry === 'OPEN');
  for (const page of [grid, setup]) await page.context().close();
});

test('a threshold that is announced late is set once, and what changes after that is a new version', async () => {
  const scale = await made.lead.ok('POST', `/v1/${made.lead.trust}/scales`, {
    displayName: `Phonics of ${made.run}`,
    kind: 'NUMERIC',
    stage: 'PHONICS',
    maximumThousandths: '40000',
    codes: [{ code: 'A', label: 'Absent', outside: true, countsInDenominator: true }],
  });
  const framework = await made.lead.ok('POST', `/v1/${made.lead.trust}/frameworks`, { displayName: `Phonics ${made.run}`, stage: 'PHONICS', subjects: [{ subject: made.subject, scale: scale.name }] });
  const page = await open(officer('Data lead'), `/results/setup/scales?scale=${id(scale.name)}`);
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Threshold of the expected standard').fill('41');
  await dialog.getByText('A number of the scale: 0 to 40').waitFor();
  await dialog.getByLabel('Threshold of the expected standard').fill('32');
  await assertAccessible(page, 'a scale');
  await dialog.getByRole('button', { name: 'Set the threshold' }).click();
  await dialog.getByText('Expected from 32').waitFor();
  assert.equal((await made.lead.ok('GET', `/v1/${scale.name}`)).standardThousandths, '32000');
  assert.equal(await dialog.getByLabel('Threshold of the expected standard').count(), 0);
  await dialog.getByRole('button', { name: 'Make a new version' }).click();
  await assertAccessible(page, 'a new version');
  await dialog.getByLabel('Where it comes from').fill('Guidance of next year');
  // What is no number is not sent, nor is anything else while it stands there.
  await dialog.getByLabel('Highest score').fill('forty');
  await dialog.getByRole('button', { name: 'Make it' }).click();
  await until('the field that is wrong', () => dialog.getByLabel('Highest score').evaluate((field) => field === document.activeElement));
  await dialog.getByLabel('Highest score').fill('40');
  await dialog.getByRole('button', { name: 'Make it' }).click();
  await dialog.getByText('version 2').waitFor();
  const scaleInUse = async () => (await made.lead.ok('GET', `/v1/${framework.name}`)).subjects[0].scale;
  await until('the framework has moved over', async () => (await scaleInUse()) !== scale.name);
  const used = await scaleInUse();
  const second = await made.lead.ok('GET', `/v1/${used}`);
  assert.equal(second.supersedes, scale.name);
  assert.equal(second.standardThousandths, undefined);
  await page.context().close();
});

test('a mapping is renamed, removed and brought back', async () => {
  const mapping = await made.lead.ok('POST', `/v1/${made.lead.trust}/columnMappings`, {
    displayName: `From elsewhere ${made.run}`,
    kind: 'RESULTS',
    columns: [{ header: 'UPN', field: 'UPN' }, { header: 'Grade', field: 'RESULT' }, { header: 'Subject', field: 'SUBJECT' }],
  });
  const page = await open(officer('Data lead'), `/results/setup/mappings?mapping=${id(mapping.name)}`);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('row', { name: /Grade/ }).waitFor();
  await assertAccessible(page, 'a mapping');
  await dialog.getByLabel('Name').fill(`From here ${made.run}`);
  await dialog.getByRole('button', { name: 'Rename' }).click();
  const row = page.locator('.record', { hasText: `From here ${made.run}` });
  await row.getByRole('button').click();
  await dialog.getByRole('button', { name: 'Remove this mapping' }).click();
  await until('it is gone', async () => (await made.lead.call('GET', `/v1/${mapping.name}`)).body.deleteTime !== undefined);
  await page.getByRole('button', { name: 'Undo' }).click();
  await row.waitFor();
  assert.equal((await made.lead.ok('GET', `/v1/${mapping.name}`)).deleteTime, undefined);
  await page.context().close();
});

test('a SENDCo adds SEN support, ends it, and takes both back; other groups are not theirs', async () => {
  const people = await demoPeople(suite);
  const sendco = people.find(({ postKind, school }) => postKind === 'SENDCO' && school === made.school) ?? assert.fail('the school has no SENDCo');
  const caller = await signInPerson(suite, sendco.person);
  const [pupil] = await pupilNamed(made.pupils[1].family);
  const groups = async () => (await caller.ok('GET', `/v1/${pupil.name}:readOverview`)).groupMemberships ?? [];
  const page = await open(sendco, `/results/pupils/${id(pupil.name)}`, { phone: true });
  await page.getByRole('button', { name: 'Add to a group' }).click();
  const dialog = page.getByRole('dialog');
  assert.deepEqual(await dialog.getByLabel('Group').locator('option').allTextContents(), ['SEN support', 'EHCP']);
  await dialog.getByLabel('Type of need').selectOption('SLCN');
  await assertAccessible(page, 'adding to a group');
  assert.ok((await sideways(page)) <= 0);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await until('it is kept', async () => (await groups()).some(({ group, detail, endDate }) => group === 'SEN_SUPPORT' && detail === 'SLCN' && !endDate));
  await page.getByText('(Speech, language and communication)').waitFor();
  await assertAccessible(page, 'a pupil’s groups');
  await page.getByRole('button', { name: /^Change SEN support/ }).click();
  await dialog.getByRole('button', { name: 'End it' }).click();
  await until('it ends', async () => (await groups())[0].endDate !== undefined);
  await page.getByText(/SEN support ends on/).locator('..').getByRole('button', { name: 'Undo' }).click();
  await until('it holds again', async () => (await groups())[0].endDate === undefined);
  await page.getByRole('button', { name: /^Change SEN support/ }).click();
  await dialog.getByRole('button', { name: /^Remove/ }).click();
  await until('it is gone', async () => (await groups()).length === 0);
  await page.getByText('Removed: SEN support').locator('..').getByRole('button', { name: 'Undo' }).click();
  await until('it is back', async () => (await groups()).length === 1);
  // Classes and enrolments are there to read; joining records is the data lead's.
  await page.getByRole('heading', { name: 'Classes' }).waitFor();
  await page.getByRole('heading', { name: 'On roll' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'This pupil has another record' }).count(), 0);
  await page.context().close();
  // A teacher of the class reads it and changes nothing.
  const teacher = await open(people.find(({ person }) => person === made.teacher), `/results/pupils/${id(pupil.name)}`);
  await teacher.getByText('SEN support').first().waitFor();
  assert.equal(await teacher.getByRole('button', { name: 'Add to a group' }).count(), 0);
  await teacher.context().close();
});

test('two records of one child become one, after what will happen was seen', async () => {
  const [kept] = await pupilNamed(made.pupils[2].family);
  const other = await made.lead.ok('POST', `/v1/${made.lead.trust}/pupils`, { givenName: 'Given2', familyName: `${made.pupils[2].family}-twice`, upn: upn(made.run, 900) });
  await made.lead.ok('POST', `/v1/${other.name}/groupMemberships`, { group: 'YOUNG_CARER', startDate: { year: Number(made.year.slice(0, 4)), month: 9, day: 1 } });
  const page = await open(officer('Data lead'), `/results/pupils/${id(kept.name)}`);
  await page.getByRole('button', { name: 'This pupil has another record' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('No other record').waitFor();
  await dialog.getByLabel('Look for').selectOption('upn');
  await dialog.getByLabel('Its UPN').fill(upn(made.run, 900));
  await dialog.getByRole('button', { name: /-twice/ }).click();
  await dialog.getByText('Comes over: 1 enrolment, class or group.').waitFor();
  await dialog.getByText('1 group').waitFor();
  await assertAccessible(page, 'a merge');
  assert.equal((await made.lead.ok('GET', `/v1/${other.name}`)).deleteTime, undefined, 'looking changes nothing');
  await dialog.getByRole('button', { name: 'Make them one' }).click();
  await dialog.getByText('The two records are one.').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await page.getByText('Young carer').waitFor();
  const { groupMemberships } = await made.lead.ok('GET', `/v1/${kept.name}:readOverview`);
  assert.deepEqual(groupMemberships.map(({ group }) => group), ['YOUNG_CARER']);
  await page.context().close();
});

test('an administrator sets how few are few, and a director’s analysis answers with it', async () => {
  const director = await call(suite, 'DIRECTOR');
  const asked = () => director.ok('POST', `/v1/${director.trust}/results:analyse`, { measure: 'SHARE_AT_EXPECTED', groupBy: ['BY_SCHOOL'] });
  assert.equal((await asked()).threshold, 6);
  const page = await open(officer('System administrator'), '/results');
  await page.getByRole('link', { name: 'Small numbers' }).click();
  await page.getByLabel('Hide figures about fewer than').selectOption('3');
  await page.getByText(/Lowering it shows more/).waitFor();
  await assertAccessible(page, 'small numbers');
  await page.getByRole('button', { name: 'Show figures from 3 pupils on' }).click();
  await page.getByText('Figures about fewer than 3 pupils are hidden', { exact: true }).waitFor();
  await until('the analysis follows', async () => (await asked()).threshold === 3);
  const figures = await open(await personWith(suite, 'DIRECTOR'), '/results');
  await figures.getByText('Figures over fewer than 3 pupils are hidden').waitFor();
  await figures.context().close();
  await page.getByLabel('Hide figures about fewer than').selectOption('0');
  await page.getByRole('button', { name: 'Save' }).click();
  await until('it is as it was', async () => (await asked()).threshold === 6);
  await page.context().close();
  // A data lead reads it.
  const lead = await open(officer('Data lead'), '/results/setup/small-numbers');
  await lead.getByText('An administrator of the trust sets it.').waitFor();
  const refused = await (await signInAs(suite, 'Data lead')).call('PATCH', `/v1/${director.trust}?updateMask=small_number_threshold`, { smallNumberThreshold: 3 });
  assert.equal(refused.status, 403);
  await lead.context().close();
});
