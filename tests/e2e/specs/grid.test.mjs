// Typing results: by keyboard and from a spreadsheet, by two people at once, off the scale, and in a window that closes meanwhile.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../harness.mjs';
import { classWithPupils } from './pupils.mjs';
import { assertAccessible, demoPeople, openSuite, signIn } from './support.mjs';

let suite;
let made;
let teacher;
let lead;
before(async () => {
  suite = await openSuite();
  made = await classWithPupils(suite, { count: 6 });
  const people = await demoPeople(suite);
  teacher = people.find(({ person }) => person === made.teacher);
  lead = people.find(({ postTitle }) => postTitle === 'Data lead');
});
after(() => suite.remove());

const id = (name) => name.split('/').at(-1);

/** The grid in a browser of one's own, its cells in the order of `made.pupils`, and what goes wrong kept. */
async function openGrid(person, context = {}) {
  const page = await suite.open(context);
  await signIn(page, suite, person);
  const query = new URLSearchParams({ school: id(made.school), class: id(made.schoolClass.name), window: id(made.window.name), subject: id(made.subject) });
  await page.goto(`${suite.url}/results/grid?${query}`);
  const row = (index) => page.getByRole('row', { name: new RegExp(`^${made.pupils[index].family},`) });
  await row(0).waitFor();
  return { page, row, cell: (index) => row(index).getByRole('textbox') };
}

/** What the service holds, in the order of `made.pupils`; '' where there is nothing. */
async function heldResults() {
  const grid = await made.lead.ok('GET', `/v1/${made.schoolClass.name}/resultGrid?subject=${made.subject}&window=${made.window.name}`);
  return made.pupils.map(({ family }) => grid.rows.find(({ familyName }) => familyName === family)?.cell?.outcome ?? '');
}
const holds = (expected) => until(`the service holds ${expected}`, async () => (await heldResults()).join() === expected.join());

test('a column by keyboard: typing, fill down, undo, paste from a spreadsheet', async () => {
  const { page, row, cell } = await openGrid(teacher, { permissions: ['clipboard-read', 'clipboard-write'] });
  await cell(0).focus();
  await page.keyboard.type('EXS');
  await page.keyboard.press('Enter');
  await page.keyboard.type('GDS');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Control+d');
  assert.equal(await cell(2).inputValue(), 'GDS');
  await row(2).locator('.grid-mark', { hasText: 'saved' }).waitFor();
  await holds(['EXS', 'GDS', 'GDS', '', '', '']);
  await page.getByRole('status').filter({ hasText: 'All saved' }).waitFor();
  await assertAccessible(page);

  await page.keyboard.press('Control+z');
  assert.equal(await cell(2).inputValue(), '');
  await holds(['EXS', 'GDS', '', '', '', '']);

  // Three rows and two columns of a spreadsheet: the first column is taken.
  await page.evaluate(() => navigator.clipboard.writeText('WTS\tx\r\nA\ty\r\nEXS\tz\r\n'));
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Control+v');
  await holds(['EXS', 'GDS', '', 'WTS', 'A', 'EXS']);
  // One step takes all of a paste back.
  await page.keyboard.press('Control+z');
  await holds(['EXS', 'GDS', '', '', '', '']);
  await page.context().close();
});

test('two people in one grid: neither overwrites the other silently', async () => {
  const one = await openGrid(teacher);
  const two = await openGrid(lead);
  // The second does not learn of the first's change before typing.
  await two.page.route(/ReadGrid/, (route) => route.abort());
  await one.cell(3).fill('EXS');
  await one.row(3).locator('.grid-mark', { hasText: 'saved' }).waitFor();
  await two.cell(3).fill('GDS');
  await two.cell(4).fill('WTS');
  const alert = two.row(3).getByRole('alert');
  await alert.waitFor();
  assert.match(await alert.textContent(), /Somebody else changed it: EXS/);
  // What did not collide is saved; what did stands as the first wrote it, and what the second typed is still there.
  await holds(['EXS', 'GDS', '', 'EXS', 'WTS', '']);
  assert.equal(await two.cell(3).inputValue(), 'GDS');
  await assertAccessible(two.page);
  await two.page.unroute(/ReadGrid/);
  await alert.getByRole('button', { name: 'Keep mine (GDS)' }).click();
  await holds(['EXS', 'GDS', '', 'GDS', 'WTS', '']);

  // And the other way round, keeping what the other wrote.
  await one.page.route(/ReadGrid/, (route) => route.abort());
  await two.cell(5).fill('A');
  await two.row(5).locator('.grid-mark', { hasText: 'saved' }).waitFor();
  await one.cell(5).fill('WTS');
  await one.row(5).getByRole('button', { name: 'Keep theirs' }).click();
  assert.equal(await one.cell(5).inputValue(), 'A');
  await holds(['EXS', 'GDS', '', 'GDS', 'WTS', 'A']);
  for (const { page } of [one, two]) await page.context().close();
});

test('what is not on the scale is refused with its reason, and the rest is saved', async () => {
  const { page, row, cell } = await openGrid(teacher);
  await cell(0).fill('101');
  await cell(2).fill('EXS');
  await row(0).locator('.grid-why').waitFor();
  assert.match(await row(0).locator('.grid-why').textContent(), /scale/i);
  assert.equal(await cell(0).getAttribute('aria-invalid'), 'true');
  await page.getByRole('status').filter({ hasText: '1 not saved' }).waitFor();
  await assertAccessible(page);
  await holds(['EXS', 'GDS', 'EXS', 'GDS', 'WTS', 'A']);
  // Escape brings back what stands there.
  await cell(0).focus();
  await page.keyboard.press('Escape');
  assert.equal(await cell(0).inputValue(), 'EXS');
  assert.equal(await row(0).locator('.grid-why').count(), 0);
  await page.context().close();
});

test('a window that closes while somebody types takes nothing more, and says so', async () => {
  const { page, row, cell } = await openGrid(teacher, { phone: true });
  await cell(1).fill('W');
  await made.lead.ok('PATCH', `/v1/${made.window.name}?updateMask=entry`, { entry: 'CLOSED' });
  const before = await heldResults();
  await cell(1).fill('WTS');
  await until('the reason', async () => /closed/i.test(await row(1).textContent()));
  assert.equal((await heldResults())[1], before[1]);
  // Somebody who opens it now sees that it is closed, and cannot type.
  await page.reload();
  await row(1).waitFor();
  assert.equal(await cell(1).isDisabled(), true);
  await page.getByText(', closed').first().waitFor();
  await assertAccessible(page);
  // The data lead opens it again.
  await made.lead.ok('PATCH', `/v1/${made.window.name}?updateMask=entry`, { entry: 'OPEN' });
  await page.reload();
  await cell(1).fill('WTS');
  await until('it is taken', async () => (await heldResults())[1] === 'WTS');
});
