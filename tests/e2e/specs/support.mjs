// What the portal's tests share: the suite they run against, signing in, and reading what the server holds through its REST interface.
import { assertAccessible as check, Suite, startSuite } from '../harness.mjs';

/** A suite of its own, or the running one whose address is in FIVESTRAND_URL. */
export async function openSuite() {
  const url = process.env.FIVESTRAND_URL;
  if (!url) return startSuite();
  const suite = new Suite({ demo: true, extra: [] }, [0, 0, 0], '/nonexistent');
  suite.url = url.replace(/\/$/, '');
  return suite;
}

/** The people of the demonstration trust. */
export async function demoPeople(suite) {
  const response = await fetch(`${suite.url}/auth/people`);
  return (await response.json()).people;
}

/** The `index`th person with a post of this kind, in a fixed order. */
export async function personWith(suite, postKind, index = 0) {
  const people = (await demoPeople(suite))
    .filter((person) => person.postKind === postKind)
    .sort((a, b) => a.person.localeCompare(b.person));
  if (!people[index]) throw new Error(`the demonstration trust has nobody with a post of the kind ${postKind}`);
  return people[index];
}

export const headteacher = (suite, index = 0) => personWith(suite, 'HEADTEACHER', index);
export const executiveHead = (suite) => personWith(suite, 'EXECUTIVE_HEADTEACHER');
export const chiefExecutive = (suite) => personWith(suite, 'CEO');

/** Signs in as a person would, through the page of the demonstration. */
export async function signIn(page, suite, person, { path = '/' } = {}) {
  await page.goto(suite.url + path);
  await page.getByLabel('Find a person').fill(`${person.displayName} ${person.postTitle} ${person.schoolDisplayName}`);
  await page.getByRole('button', { name: person.displayName }).first().click();
  await page.locator('.shell').waitFor();
}

/** The headteacher's day, loaded. */
export async function openDay(page, suite, person) {
  await signIn(page, suite, person);
  await page.locator('.class-button').first().waitFor();
  return /\/schools\/([^/]+)\/day/.exec(page.url())[1];
}

/** What the server holds, asked with the page's own session: not what the page shows. */
export function held(page, collection, filter = '') {
  return page.evaluate(
    async ([path, text]) => {
      const all = [];
      let token = '';
      do {
        const response = await fetch(`/v1/${path}?pageSize=200&filter=${encodeURIComponent(text)}&pageToken=${encodeURIComponent(token)}`);
        if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
        const body = await response.json();
        all.push(...(body[path.split('/').at(-1)] ?? []));
        token = body.nextPageToken ?? '';
      } while (token);
      return all;
    },
    [collection, filter],
  );
}

export function since(instant) {
  return `create_time >= ${JSON.stringify(instant.toISOString())}`;
}

/** Waits until the service worker keeps the shell, so that the page opens without a network. */
export async function workerReady(page) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller)
      await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }));
  });
}

/** How far the page can be scrolled sideways; 0 is right. */
export function sideways(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** As the harness's, once nothing moves any more: half faded text has half the contrast. */
export async function assertAccessible(page, where) {
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
  await check(page, where);
}

/** Chooses a person by a few letters of the name, as the portal's pickers want it. */
export async function choosePerson(page, label, { displayName, person }) {
  await page.getByRole('combobox', { name: label }).fill(displayName);
  // Two people of one name are told apart by their ids.
  const id = person.slice(person.lastIndexOf('/') + 1);
  await page.getByRole('option', { name: new RegExp(`^${displayName}( \\(${id}\\))?$`) }).click();
}
