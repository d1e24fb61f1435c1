// The improvement model as people use it: a target agreed with one school, reading without writing, two who change it at once, and the
// way back to an earlier revision.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { signIn as call, signInAs } from '../caller.mjs';
import { until } from '../harness.mjs';
import { assertAccessible, chiefExecutive, demoPeople, headteacher, openSuite, personWith, sideways, signIn } from './support.mjs';

const ELEMENT = 'visible-headteacher';
const MEASURE = 'visible-headteacher.drop-in-days';
// Of this run.
const REASON = `The head teaches until a teacher is found (${Date.now().toString(36)})`;

let suite;
let administrator;
let ceo;
before(async () => {
  suite = await openSuite();
  administrator = (await demoPeople(suite)).find(({ postTitle }) => postTitle === 'System administrator');
  ceo = await chiefExecutive(suite);
});
after(() => suite.remove());

/** The page, with one element opened for change. */
async function change(person, element = ELEMENT, options = {}) {
  const page = await suite.open(options);
  await signIn(page, suite, person, { path: `/model?element=${element}` });
  const card = page.locator(`.model-element[data-element=${element}]`);
  await card.waitFor();
  await card.getByRole('button', { name: /^Change/ }).click();
  return { page, card };
}

const save = async (page) => {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
};

/** The model, as the server holds it. */
async function model() {
  const caller = await signInAs(suite, 'System administrator');
  return caller.ok('GET', `/v1/${caller.trust}/improvementModels/improvement`);
}

test('an administrator agrees a target with one school, whose board says so, and why, and until when', async () => {
  const head = await headteacher(suite, 0);
  const { page, card } = await change(administrator, ELEMENT, { phone: true });
  const form = card.locator(`fieldset[data-measure="${MEASURE}"]`);
  await form.getByRole('button', { name: /^Agree a target/ }).click();
  const agreed = form.locator('.agreed-form');
  await agreed.getByLabel('School').selectOption(head.school);
  await agreed.getByLabel('Target (%)').fill('10');
  await agreed.getByLabel('Watch (%)').fill('5');
  await agreed.getByLabel('Needs action (%)').fill('2');
  // What is missing is named, and nothing that was typed is lost.
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.locator('.problem-line', { hasText: 'why' }).waitFor();
  await agreed.getByLabel('Why').fill(REASON);
  await assertAccessible(page, 'agreeing a target');
  assert.ok((await sideways(page)) <= 0);
  await save(page);
  await card.getByRole('button', { name: /^Close/ }).click();
  await card.getByText(REASON).waitFor();

  const { agreedTargets } = await model();
  const held = agreedTargets.find(({ reason }) => reason === REASON);
  assert.equal(held.school, head.school);
  assert.equal(held.target, 0.1);

  const caller = await call(suite, 'HEADTEACHER');
  const standing = ({ columns }, scope) => {
    const column = columns.find((one) => one.scope === scope);
    const element = column.elements.find(({ element }) => element === ELEMENT);
    return element.measures.find(({ measure }) => measure.measure === MEASURE).measure;
  };
  const measure = standing(await caller.ok('GET', `/v1/${head.school}/scoreboard`), head.school);
  assert.equal(measure.target, 0.1);
  assert.equal(measure.agreed.reason, REASON);
  const whole = await signInAs(suite, ceo.postTitle);
  const board = await whole.ok('GET', `/v1/${whole.trust}/scoreboard`);
  for (const { scope } of board.columns) {
    if (scope !== head.school) assert.equal(standing(board, scope).agreed, undefined, `${scope} is held to the trust's target`);
  }

  const own = await suite.open();
  await signIn(own, suite, head, { path: `/schools/${head.school.split('/').at(-1)}?element=${ELEMENT}` });
  await own.locator(`[data-measure="${MEASURE}"] .tile-agreed`, { hasText: REASON }).waitFor();
  await own.getByRole('link', { name: 'What the trust holds this to' }).click();
  await own.locator(`.model-element[data-element=${ELEMENT}]`).getByText(REASON).waitFor();
  await until('one arrives at the element', () =>
    own.locator(`.model-element[data-element=${ELEMENT}]`).evaluate((one) => {
      const box = one.getBoundingClientRect();
      return box.top < window.innerHeight && box.bottom > 0;
    }),
  );
});

test('a teacher reads the forty elements and cannot change one', async () => {
  const page = await suite.open();
  await signIn(page, suite, await personWith(suite, 'TEACHER'), { path: '/model' });
  await page.locator('.model-element').first().waitFor();
  assert.equal(await page.locator('.model-element').count(), 40);
  assert.equal(await page.getByRole('button', { name: /^Change/ }).count(), 0);
  const teacher = await call(suite, 'TEACHER');
  const held = await model();
  const refused = await teacher.call('PATCH', `/v1/${held.name}?updateMask=title`, { title: 'Mine' });
  assert.equal(refused.status, 403);
});

test('two who change the same see both, and what only one changed is kept', async () => {
  const one = await change(ceo, 'coaching');
  const two = await change(administrator, 'coaching');
  const mark = Date.now().toString(36);
  await two.card.getByLabel('In the trust’s words').fill(`Theirs and mine ${mark}`);
  await two.card.getByLabel('Rhythm').selectOption({ label: 'Monthly' });
  await one.card.getByLabel('In the trust’s words').fill(`Agreed by the heads ${mark}`);
  await one.card.getByLabel(/^Stage/).selectOption({ label: 'Embedded' });
  await save(one.page);

  await two.page.getByText('2.14 Coaching: in the trust’s words: two versions').waitFor();
  const conflict = two.page.locator('.conflict');
  assert.match(await conflict.textContent(), new RegExp(`Theirs and mine ${mark}`));
  assert.match(await conflict.textContent(), new RegExp(`Agreed by the heads ${mark}`));
  assert.equal(await two.page.getByRole('button', { name: 'Save', exact: true }).isDisabled(), true);
  await assertAccessible(two.page, 'a conflict');
  await two.page.getByRole('button', { name: 'Keep yours' }).click();
  await save(two.page);

  const coaching = (await model()).strands.flatMap(({ elements }) => elements).find(({ element }) => element === 'coaching');
  assert.equal(coaching.statement, `Theirs and mine ${mark}`);
  assert.equal(coaching.cadence, 'MONTHLY');
  assert.equal(coaching.stage, 'EMBEDDED', 'what only the other changed is not lost');
});

test('an earlier revision is read, restored, and the restoring undone', async () => {
  const { page, card } = await change(administrator, 'praise');
  const before = await model();
  await card.getByLabel('In the trust’s words').fill('Praise is given for what was hard.');
  await save(page);
  const changed = await model();
  assert.equal(Number(changed.revision), Number(before.revision) + 1);

  await page.getByRole('button', { name: 'Earlier revisions' }).click();
  const list = page.getByRole('dialog');
  await list.getByText('Praise is used appropriately').first().waitFor();
  await list.getByText(administrator.displayName).first().waitFor();
  await assertAccessible(page, 'earlier revisions');
  await list.getByRole('button', { name: `Read revision ${before.revision}`, exact: true }).click();
  await page.getByText('as it was, not as it is now').waitFor();
  assert.equal(await page.getByText('Praise is given for what was hard.').count(), 0);
  await page.getByRole('button', { name: 'Restore this' }).click();
  await page.getByText(`Revision ${before.revision} is restored`).waitFor();
  const praise = ({ strands }) => strands.flatMap(({ elements }) => elements).find(({ element }) => element === 'praise').statement ?? '';
  assert.equal(praise(await model()), praise(before));
  await page.locator('.toast', { hasText: 'is restored' }).getByRole('button', { name: 'Undo' }).click();
  await until('the undone restoring', async () => praise(await model()) === 'Praise is given for what was hard.');
});
