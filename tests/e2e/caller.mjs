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
export async function signIn(suite, kind) {
  const { people } = await (await fetch(`${suite.url}/auth/people`)).json();
  const person = people.find(({ postKind }) => postKind === kind);
  assert.ok(person, `nobody has a post of the kind ${kind}: ${[...new Set(people.map(({ postKind }) => postKind))].join(', ')}`);
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
