// REST as any HTTP client sees it: names, etags, retries, errors.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { headteacher, signIn } from './caller.mjs';
import { startSuite } from './harness.mjs';

let suite, caller, school, classes;
before(async () => {
  suite = await startSuite();
  ({ caller, school, classes } = await headteacher(suite));
});
after(() => suite?.remove());

const dropIn = (changes) => ({ startTime: new Date().toISOString().replace(/\.\d+Z/, 'Z'), schoolClass: classes[0], ...changes });
const create = (body, query = '') => caller.call('POST', `/v1/${school}/dropIns${query}`, body);
const reasonOf = ({ body }) => body.error.details.find((detail) => detail['@type'].endsWith('ErrorInfo'))?.reason;

describe('a drop-in over REST', () => {
  it('is created, read, changed, deleted and brought back', async () => {
    const made = await create(dropIn({ wentWell: 'Calm start.' }));
    assert.equal(made.status, 200, JSON.stringify(made.body));
    const { name, etag } = made.body;
    assert.match(name, new RegExp(`^${school}/dropIns/[a-z0-9-]+$`));
    assert.equal((await caller.ok('GET', `/v1/${name}`)).wentWell, 'Calm start.');
    const changed = await caller.ok('PATCH', `/v1/${name}?updateMask=wentWell`, { wentWell: 'Calm and quick start.', etag });
    assert.notEqual(changed.etag, etag);
    assert.equal(changed.startTime, made.body.startTime);
    await caller.ok('DELETE', `/v1/${name}`);
    assert.ok((await caller.ok('POST', `/v1/${name}:undelete`, {})).name === name);
  });

  it('is written once, however often the call is repeated', async () => {
    const requestId = randomUUID();
    const body = dropIn({ wentWell: requestId });
    const answers = await Promise.all(Array.from({ length: 5 }, () => create(body, `?requestId=${requestId}`)));
    assert.equal(new Set(answers.map((answer) => JSON.stringify(answer.body))).size, 1, JSON.stringify(answers.map(({ body: b }) => b)));
    assert.equal(answers[0].status, 200);
    const other = await create(dropIn({ wentWell: 'another' }), `?requestId=${requestId}`);
    assert.deepEqual([other.status, reasonOf(other)], [400, 'REQUEST_ID_REUSED']);
  });

  it('is not changed by somebody who saw an older one', async () => {
    const { body: made } = await create(dropIn());
    await caller.ok('PATCH', `/v1/${made.name}?updateMask=wentWell`, { wentWell: 'first', etag: made.etag });
    const late = await caller.call('PATCH', `/v1/${made.name}?updateMask=wentWell`, { wentWell: 'second', etag: made.etag });
    assert.deepEqual([late.status, reasonOf(late)], [409, 'ETAG_MISMATCH']);
  });

  it('is listed page by page, each once', async () => {
    for (let n = 0; n < 5; n += 1) await create(dropIn());
    const all = await caller.ok('GET', `/v1/${school}/dropIns?pageSize=200&orderBy=start_time%20desc`);
    const seen = [];
    let token = '';
    do {
      const page = await caller.ok('GET', `/v1/${school}/dropIns?pageSize=3&orderBy=start_time%20desc&pageToken=${encodeURIComponent(token)}`);
      seen.push(...page.dropIns.map(({ name }) => name));
      token = page.nextPageToken ?? '';
    } while (token && seen.length < all.dropIns.length);
    assert.deepEqual(seen.slice(0, all.dropIns.length), all.dropIns.map(({ name }) => name));
  });

  it('names every bad field at once', async () => {
    const answer = await create({ wentWell: 'x'.repeat(4001) });
    assert.deepEqual([answer.status, reasonOf(answer)], [400, 'INVALID_FIELD']);
    const { fieldViolations } = answer.body.error.details.find((detail) => detail['@type'].endsWith('BadRequest'));
    const fields = fieldViolations.map(({ field }) => field);
    for (const field of ['start_time', 'school_class', 'went_well']) {
      assert.ok(fields.some((candidate) => candidate.endsWith(field)), `${field} in ${fields}`);
    }
  });

  it('is not for everybody', async () => {
    assert.equal((await fetch(`${suite.url}/v1/${school}/dropIns`)).status, 401);
    const teacher = await signIn(suite, 'TEACHER');
    const answer = await teacher.call('POST', `/v1/${school}/dropIns`, dropIn());
    assert.deepEqual([answer.status, reasonOf(answer)], [403, 'PERMISSION_DENIED']);
  });
});

describe('the edge', () => {
  it('answers what it does not know', async () => {
    assert.equal((await caller.call('GET', '/v1/nothing/here')).status, 404);
    assert.equal((await caller.call('PUT', `/v1/${school}`, {})).status, 405);
    assert.equal((await caller.call('GET', `/v1/${school}/dropIns?pageSized=3`)).status, 400);
  });

  it('refuses a write that another site sends', async () => {
    const answer = await caller.call('POST', `/v1/${school}/dropIns`, dropIn(), { origin: 'https://elsewhere.example' });
    assert.deepEqual([answer.status, reasonOf(answer)], [403, 'CSRF_REJECTED']);
  });

  it('guards the page', async () => {
    const { headers } = await fetch(suite.url);
    assert.match(headers.get('content-security-policy'), /default-src|script-src/);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
  });
});

it('curl with a cookie jar does what a browser does', () => {
  const jar = path.join(suite.folder, 'jar');
  const curl = (...words) => execFileSync('curl', ['-sS', '--fail-with-body', '-b', jar, '-c', jar, ...words], { encoding: 'utf8' });
  const json = ['-H', 'content-type: application/json', '-H', `origin: ${suite.url}`];
  curl(...json, '-d', JSON.stringify({ person: caller.person.person }), `${suite.url}/auth/sign-in`);
  const made = JSON.parse(curl(...json, '-d', JSON.stringify(dropIn()), `${suite.url}/v1/${school}/dropIns`));
  assert.equal(JSON.parse(curl(`${suite.url}/v1/${made.name}`)).name, made.name);
  fs.rmSync(jar);
});
