// A person of the demonstration trust, signed in over plain HTTP as the portal does it.
import assert from 'node:assert/strict';

export class Caller {
  constructor(suite, cookie, person) {
    this.suite = suite;
    this.cookie = cookie;
    this.person = person;
    this.trust = person.person.split('/').slice(0, 2).join('/');
  }

  /** Headers that every call of a signed-in browser carries. */
  get headers() {
    return { cookie: this.cookie, origin: this.suite.url };
  }

  /** A REST call. Returns { status, body, headers } with the body as JSON. */
  async call(method, path, body, headers = {}) {
    const response = await fetch(this.suite.url + path, {
      method,
      headers: { ...this.headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined };
  }

  /** The same, for calls that must succeed. */
  async ok(method, path, body, headers) {
    const answer = await this.call(method, path, body, headers);
    assert.equal(answer.status, 200, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** The signed-in person's schools with their grants, as the portal sees them. */
  me() {
    return this.ok('GET', '/auth/me');
  }
}

/** Signs in the first person of the demonstration with a post of this kind, for example HEADTEACHER. */
export const signIn = (suite, kind) => signInWhere(suite, ({ postKind }) => postKind === kind, `a post of the kind ${kind}`);

/** The same by the title of the post, for example `Data lead`. */
export const signInAs = (suite, title) => signInWhere(suite, ({ postTitle }) => postTitle === title, `the post ${title}`);

/** Signs in one person, by resource name. */
export const signInPerson = (suite, name) => signInWhere(suite, ({ person }) => person === name, `the name ${name}`);

async function signInWhere(suite, matches, what) {
  const listed = await (await fetch(`${suite.url}/auth/people`)).json();
  const people = listed.people ?? assert.fail(JSON.stringify(listed));
  const person = people.sort((a, b) => a.person.localeCompare(b.person)).find(matches);
  assert.ok(person, `nobody has ${what}: ${[...new Set(people.map(({ postTitle }) => postTitle))].join(', ')}`);
  const response = await fetch(`${suite.url}/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: suite.url },
    body: JSON.stringify({ person: person.person }),
  });
  assert.equal(response.status, 200, await response.text());
  const [cookie] = response.headers.getSetCookie();
  assert.match(cookie, /HttpOnly/i);
  return new Caller(suite, cookie.split(';')[0], person);
}

/** A headteacher, their school and its classes: what most tests begin with. */
export async function headteacher(suite) {
  const caller = await signIn(suite, 'HEADTEACHER');
  const { schools } = await caller.me();
  const school = schools[0].name;
  const { schoolClasses } = await caller.ok('GET', `/v1/${school}/classes`);
  assert.ok(schoolClasses.length > 0, `${school} has classes`);
  return { caller, school, classes: schoolClasses.map(({ name }) => name) };
}
