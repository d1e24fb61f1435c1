// Every page, light and dark, phone and wide: axe finds nothing, nothing scrolls sideways at 320 px or at 200 % text, and a keyboard is enough.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../harness.mjs';
import {
  assertAccessible,
  chiefExecutive,
  executiveHead,
  headteacher,
  held,
  openDay,
  openSuite,
  personWith,
  sideways,
  signIn,
} from './support.mjs';

let suite;
let school;
before(async () => {
  suite = await openSuite();
  const page = await suite.open();
  school = await openDay(page, suite, await headteacher(suite, 0));
  await page.context().close();
});
after(() => suite.remove());

const PAGES = [
  { name: 'my day', who: (s) => headteacher(s, 0), path: () => `/schools/${school}/day`, ready: '.class-button' },
  {
    name: 'choosing a focus',
    who: (s) => headteacher(s, 0),
    path: () => `/schools/${school}/day`,
    ready: '.class-button',
    then: (page) => page.locator('.class-button').first().click(),
    shown: '.focus-button',
  },
  { name: 'a modelled lesson', who: (s) => headteacher(s, 0), path: () => `/schools/${school}/day?lesson=new`, ready: '#lesson-class' },
  { name: 'a school', who: (s) => headteacher(s, 0), path: () => `/schools/${school}`, ready: '.strand' },
  { name: 'an element', who: (s) => headteacher(s, 0), path: () => `/schools/${school}?element=visible-headteacher`, ready: '.heat' },
  { name: 'concerns', who: (s) => headteacher(s, 0), path: () => '/concerns', ready: '.record, .empty' },
  { name: 'raising a concern', who: (s) => headteacher(s, 0), path: () => '/concerns?raise=new', ready: 'textarea' },
  { name: 'analysis', who: chiefExecutive, path: () => '/results', ready: '.answer, .empty' },
  { name: 'the grid', who: (s) => personWith(s, 'TEACHER'), path: () => '/results/grid', ready: '.result-grid, .empty' },
  { name: 'pupils', who: (s) => headteacher(s, 0), path: () => '/results/pupils', ready: '.record, .empty' },
  { name: 'courses', who: (s) => personWith(s, 'TEACHER'), path: () => '/learning', ready: '.record, .empty' },
  { name: 'coaching', who: (s) => personWith(s, 'TEACHER'), path: () => '/learning/coaching', ready: '.empty' },
  { name: 'wellbeing', who: (s) => personWith(s, 'TEACHER'), path: () => '/wellbeing', ready: '.empty, .record' },
  { name: 'pulses', who: (s) => headteacher(s, 0), path: () => '/wellbeing/pulses', ready: '.empty, .record' },
  { name: 'what waits', who: (s) => headteacher(s, 0), path: () => '/waiting', ready: '.empty' },
  { name: 'no such page', who: (s) => headteacher(s, 0), path: () => '/nowhere', ready: '.empty' },
  { name: 'visits', who: executiveHead, path: () => '/visits', ready: '.school-card' },
  { name: 'a new visit', who: executiveHead, path: () => '/visits?visit=new', ready: '#visit-purpose' },
  { name: 'the trust', who: chiefExecutive, path: () => '/trust', ready: '.trust-table tbody tr:nth-child(3)' },
  {
    name: 'my lessons',
    who: (s) => personWith(s, 'TEACHER'),
    path: (person) => `/schools/${idOfSchool(person)}/mine`,
    ready: '.record, .empty',
    own: true,
  },
];
const schoolIds = new Map();
function idOfSchool(person) {
  return schoolIds.get(person.person);
}

for (const colorScheme of ['light', 'dark']) {
  for (const phone of [true, false]) {
    describe(`${colorScheme}, ${phone ? 'phone' : 'wide'}`, () => {
      test('signing in', async () => {
        const page = await suite.open({ phone, colorScheme });
        await page.goto(suite.url);
        await page.locator('.person').first().waitFor();
        await assertAccessible(page, 'sign-in');
        assert.ok((await sideways(page)) <= 0);
        await page.context().close();
      });
      for (const { name, who, path, ready, then, shown, own } of PAGES) {
        test(name, async () => {
          const page = await suite.open({ phone, colorScheme, reducedMotion: 'reduce' });
          const person = await who(suite);
          await signIn(page, suite, person);
          if (own) {
            const me = await (await page.request.get(`${suite.url}/auth/me`)).json();
            const grant = me.grants.find((candidate) => candidate.schools.length > 0);
            schoolIds.set(person.person, grant.schools[0].split('/').at(-1));
          }
          await page.goto(suite.url + path(person));
          await page.locator(ready).first().waitFor();
          if (then) await then(page);
          if (shown) await page.locator(shown).first().waitFor();
          await assertAccessible(page, `${name}, ${colorScheme}, ${phone ? 'phone' : 'wide'}`);
          assert.ok((await sideways(page)) <= 0, `${name} scrolls sideways by ${await sideways(page)}`);
          await page.context().close();
        });
      }
    });
  }
}

test('320 px and 200 % text: nothing scrolls sideways', async () => {
  for (const { name, who, path, ready, own } of PAGES) {
    if (own) continue;
    const page = await suite.open({ viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true });
    await signIn(page, suite, await who(suite));
    await page.goto(suite.url + path());
    await page.locator(ready).first().waitFor();
    assert.ok((await sideways(page)) <= 0, `${name} at 320 px scrolls sideways by ${await sideways(page)}`);
    await page.setViewportSize({ width: 640, height: 900 });
    await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
    assert.ok((await sideways(page)) <= 0, `${name} at 200 % text scrolls sideways by ${await sideways(page)}`);
    await page.context().close();
  }
});

test('what is tapped on a phone is at least 44 px', async () => {
  const page = await suite.open({ phone: true });
  await openDay(page, suite, await headteacher(suite, 0));
  const small = await page.evaluate(() =>
    [...document.querySelectorAll('button, select, .nav a, input')]
      .map((element) => ({ text: element.textContent || element.getAttribute('aria-label'), box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.height < 43.5 || box.width < 43.5))
      .map(({ text, box }) => `${text}: ${box.width.toFixed(0)} x ${box.height.toFixed(0)}`),
  );
  assert.deepEqual(small, []);
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
