// What an operations engineer sees: metrics, health, logs, and an orderly end.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, it } from 'node:test';
import { headteacher } from './caller.mjs';
import { root, startSuite, until } from './harness.mjs';

let suite, caller, school, classes;
before(async () => {
  suite = await startSuite({ drainDelay: '500ms' });
  ({ caller, school, classes } = await headteacher(suite));
});
after(() => suite?.remove());

const labels = 'grpc_code="OK",grpc_method="CreateDropIn",grpc_service="fivestrand.leadership.v1.VisibilityService",grpc_type="unary"';

it('a call is counted under the names that dashboards know', async () => {
  const sample = `grpc_server_handled_total{${labels}}`;
  const earlier = (await suite.metric(sample)) ?? 0;
  await caller.ok('POST', `/v1/${school}/dropIns`, { startTime: '2026-01-12T10:00:00Z', schoolClass: classes[0] });
  await until('the call is counted', async () => (await suite.metric(sample)) === earlier + 1, { seconds: 10 });
});

it('every metric is on the reference page', async () => {
  const known = new Set([...fs.readFileSync(path.join(root, 'docs/reference/metrics.md'), 'utf8').matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name));
  const text = await (await fetch(`${suite.admin}/metrics`)).text();
  const shown = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name).filter((name) => /^(fivestrand|grpc_server)_/.test(name));
  assert.ok(shown.length > 10, shown.join(' '));
  assert.deepEqual(shown.filter((name) => !known.has(name)), []);
});

it('no metric and no line of the log names a person', async () => {
  const metrics = await (await fetch(`${suite.admin}/metrics`)).text();
  const { person, displayName } = caller.person;
  for (const text of [metrics, suite.log]) {
    assert.ok(!text.includes(displayName), displayName);
    assert.ok(!text.includes(person), person);
  }
});

it('the log is one JSON object a line', () => {
  const lines = suite.log.split('\n').filter((line) => line.startsWith('{'));
  assert.ok(lines.length > 0);
  for (const line of lines) assert.doesNotThrow(() => JSON.parse(line), line);
});

it('a stop is orderly: not ready first, then calls end, then exit code 0', async () => {
  assert.equal((await fetch(`${suite.admin}/livez`)).status, 200);
  const calls = Promise.allSettled(Array.from({ length: 20 }, () => caller.call('GET', `/v1/${school}/dropIns?pageSize=200`)));
  const began = performance.now();
  const code = await suite.stop('SIGTERM');
  const seconds = (performance.now() - began) / 1000;
  assert.equal(code, 0, suite.log.slice(-2000));
  assert.ok(seconds < 5, `nothing was under way, yet the stop took ${seconds} s\n${suite.log.slice(-2000)}`);
  // What had arrived was answered, what came later found the door closed; nothing was cut off in the middle.
  for (const { value, reason } of await calls) {
    if (reason) assert.equal(reason.cause?.syscall, 'connect', String(reason.cause ?? reason));
    else assert.ok([200, 503].includes(value.status), String(value.status));
  }
});
