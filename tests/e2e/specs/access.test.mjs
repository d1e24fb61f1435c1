// Every page, light and dark, phone and wide: axe finds nothing, nothing scrolls sideways at 320 px or at 200 % text, and a keyboard is enough.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../harness.mjs';
import { PAGES } from './pages.mjs';
import { seed } from './seed.mjs';
import { assertAccessible, headteacher, held, openDay, openSuite, sideways, signIn } from './support.mjs';

let suite;
let made;
let school;
before(async () => {
  suite = await openSuite();
  made = await seed(suite);
  school = made.school.split('/').at(-1);
});
after(() => suite.remove());

/** Opens pages one after another, each as the person whose page it is, who signs in once. */
function visitor(context) {
  const pages = new Map();
  return {
    async visit({ who, path, ready, then, shown }) {
      const person = await who(suite);
      if (!pages.has(person.person)) {
        const page = await suite.open(context);
        await signIn(page, suite, person);
        pages.set(person.person, page);
      }
      const page = pages.get(person.person);
      await page.goto(suite.url + path(made, person));
      await page.locator(ready).first().waitFor();
      if (then) await then(page);
      if (shown) await page.locator(shown).first().waitFor();
      return page;
    },
    close: () => Promise.all([...pages.values()].map((page) => page.context().close())),
  };
}

/** Looks at what a page shows, in the colours of the day and of the night. */
async function look(page, name, { phone }) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor({ state: 'attached' });
    await assertAccessible(page, `${name}, ${phone ? 'phone' : 'wide'}, ${colorScheme}`);
  }
  assert.ok((await sideways(page)) <= 0, `${name} scrolls sideways by ${await sideways(page)}`);
  if (phone) assert.deepEqual(await tooSmall(page), []);
}

for (const phone of [true, false]) {
  describe(phone ? 'phone, light and dark' : 'wide, light and dark', () => {
    const browser = visitor({ phone, reducedMotion: 'reduce' });
    after(() => browser.close());
    test('signing in', async () => {
      const page = await suite.open({ phone, reducedMotion: 'reduce' });
      await page.goto(suite.url);
      await page.locator('.person').first().waitFor();
      await look(page, 'sign-in', { phone });
      await page.context().close();
    });
    for (const place of PAGES) {
      test(place.name, async () => look(await browser.visit(place), place.name, { phone }));
    }
  });
}

/** What is tapped is at least 44 px high and wide, links in running text aside. */
function tooSmall(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('button, select, .nav a, .tabs a, a.record-open, input:not([type=radio], [type=checkbox], [type=file])')]
      .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !element.closest('.sr-only'))
      .map((element) => ({ text: element.textContent || element.getAttribute('aria-label') || element.id, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 1 && (box.height < 43.5 || box.width < 43.5))
      .map(({ text, box }) => `${text}: ${box.width.toFixed(0)} x ${box.height.toFixed(0)}`),
  );
}

describe('320 px and 200 % text: nothing scrolls sideways', () => {
  const browser = visitor({ viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true });
  after(() => browser.close());
  for (const place of PAGES) {
    test(place.name, async () => {
      const page = await browser.visit(place);
      assert.ok((await sideways(page)) <= 0, `${place.name} at 320 px scrolls sideways by ${await sideways(page)}`);
      await page.setViewportSize({ width: 640, height: 900 });
      await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
      assert.ok((await sideways(page)) <= 0, `${place.name} at 200 % text scrolls sideways by ${await sideways(page)}`);
      await page.setViewportSize({ width: 320, height: 640 });
    });
  }
});

test('a drop-in by keyboard alone', async () => {
  const page = await suite.open();
  const person = await headteacher(suite, 1);
  const id = await openDay(page, suite, person);
  const collection = `trusts/${person.person.split('/')[1]}/schools/${id}/dropIns`;
  const filter = `leader = "${person.person}"`;
  const already = (await held(page, collection, filter)).length;
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to content');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+k');
  await page.getByLabel('Search', { exact: true }).waitFor();
  await page.keyboard.type('log a drop');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.locator('.focus-button').first().waitFor();
  for (let presses = 0; presses < 12 && !(await page.evaluate(() => document.activeElement.classList.contains('focus-button'))); presses++)
    await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText('Saved', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await until('the drop-in on the server', async () => (await held(page, collection, filter)).length === already + 1);
  await until('the sheet closed', async () => (await page.getByRole('dialog').count()) === 0);
});

test('light, dark or as the system says, from the first paint', async () => {
  const page = await suite.open({ colorScheme: 'dark' });
  await openDay(page, suite, await headteacher(suite, 0));
  const scheme = () => page.evaluate(() => document.documentElement.getAttribute('data-mantine-color-scheme'));
  assert.equal(await scheme(), 'dark');
  await page.getByRole('button', { name: /settings and sign out/ }).click();
  await page.getByText('Light', { exact: true }).click();
  await until('light', async () => (await scheme()) === 'light');
  await page.reload();
  assert.equal(await scheme(), 'light');
});

test('a school page fits on A4', async () => {
  const page = await suite.open({ viewport: { width: 718, height: 1000 } });
  await openDay(page, suite, await headteacher(suite, 0));
  await page.goto(`${suite.url}/schools/${school}?element=visible-headteacher`);
  await page.locator('.heat').waitFor();
  await page.emulateMedia({ media: 'print' });
  assert.ok((await sideways(page)) <= 0, `cut by ${await sideways(page)} px`);
  const cut = await page.evaluate(
    () =>
      [...document.querySelectorAll('.heat, .tile, .element-tile')].filter(
        (element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1,
      ).length,
  );
  assert.equal(cut, 0);
  assert.equal(await page.locator('.nav').isVisible(), false);
});
