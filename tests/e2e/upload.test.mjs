// A file over HTTP, with curl as anybody has it: it goes on to the service while it arrives, and half of it is nothing.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { signInAs } from './caller.mjs';
import { freePorts, root, startSuite, until } from './harness.mjs';

const UPN_LETTERS = 'ABCDEFGHJKLMNPQRTUVWXYZ';

/** The n-th pupil's UPN, of an authority and a school that there are not, with its check letter. */
function upn(n) {
  const digits = `9992999${String(26).padStart(2, '0')}${String(n).padStart(3, '0')}`;
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (at + 2), 0);
  return UPN_LETTERS[sum % 23] + digits;
}

let suite, caller, token, mapping, school, grpc;
before(async () => {
  const [port] = await freePorts(1);
  grpc = `127.0.0.1:${port}`;
  suite = await startSuite({ extra: [`--assessment-grpc-listen=${grpc}`] });
  caller = await signInAs(suite, 'Data lead');
  token = (await caller.ok('POST', '/auth/token', {})).token;
  [school] = (await caller.ok('GET', `/v1/${caller.trust}/schools?pageSize=1`)).schools;
  mapping = (
    await caller.ok('POST', `/v1/${caller.trust}/columnMappings?columnMappingId=upload-pupils`, {
      displayName: 'Pupils for the test of uploads',
      kind: 'PUPILS',
      columns: [
        { header: 'UPN', field: 'UPN' },
        { header: 'School', field: 'SCHOOL' },
        { header: 'First', field: 'GIVEN_NAME' },
        { header: 'Last', field: 'FAMILY_NAME' },
        { header: 'Year', field: 'YEAR_GROUP' },
      ],
    })
  ).name;
});
after(() => suite?.remove());

const address = (query = '') => `/v1/${caller.trust}/assessmentImports?header.mapping=${encodeURIComponent(mapping)}${query}`;
const csv = (rows, from = 1) =>
  ['UPN,School,First,Last,Year', ...Array.from({ length: rows }, (_, n) => `${upn(from + n)},${school.urn},Pupil,Number${from + n},4`)].join('\n') + '\n';

/** Sends a file with curl. Returns { status, body }. */
async function curl(text, { query = '', type = 'text/csv', bearer = token, more = [] } = {}) {
  const file = path.join(suite.folder, `${randomUUID()}.csv`);
  fs.writeFileSync(file, text);
  const words = ['--silent', '--show-error', '--max-time', '60', '--write-out', '\n%{http_code}', '--header', `authorization: Bearer ${bearer}`];
  const child = spawn('curl', [...words, '--header', `content-type: ${type}`, '--data-binary', `@${file}`, ...more, suite.url + address(query)]);
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  await new Promise((resolve) => child.on('close', resolve));
  const cut = output.lastIndexOf('\n');
  return { status: Number(output.slice(cut + 1)), body: JSON.parse(output.slice(0, cut) || 'null') };
}

const METHOD = 'grpc_method="ImportAssessment",grpc_service="fivestrand.assessment.v1.ImportService",grpc_type="client_stream"';

describe('a file by POST', () => {
  it('is checked without being written, and says what it would do', async () => {
    const { status, body } = await curl(csv(3), { query: '&header.validateOnly=true' });
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual([body.rowCount, body.written ?? false, body.problems ?? []], [3, false, []]);
  });

  it('is written whole, and a second time changes nothing', async () => {
    const first = await curl(csv(40));
    assert.equal(first.status, 200, JSON.stringify(first.body));
    assert.equal(first.body.written, true, JSON.stringify(first.body.problems));
    const again = await curl(csv(40), { more: ['--header', 'transfer-encoding: chunked'] });
    assert.deepEqual([again.status, again.body.createdCount ?? 0, again.body.updatedCount ?? 0], [200, 0, 0]);
  });

  it('is refused as a form, without a token, and with a parameter that there is not', async () => {
    assert.equal((await curl(csv(1), { type: 'application/x-www-form-urlencoded' })).status, 415);
    assert.equal((await curl(csv(1), { query: '&nothing=1' })).status, 400);
    assert.equal((await curl(csv(1), { bearer: 'nonsense' })).status, 401);
  });

  it('is streamed by Python\'s stock gRPC client, whole or refused with the reason', () => {
    const client = path.join(root, 'tests/e2e/clients/reflection.py');
    const send = (bearer) => {
      const chunks = Buffer.from(csv(30, 300)).toString('binary').match(/[^]{1,700}/g);
      const messages = [{ header: { parent: caller.trust, mapping, validateOnly: true } }, ...chunks.map((chunk) => ({ chunk: Buffer.from(chunk, 'binary').toString('base64') }))];
      const words = ['-B', client, grpc, 'fivestrand.assessment.v1.ImportService/ImportAssessment', JSON.stringify(messages), bearer];
      return JSON.parse(execFileSync('/usr/bin/python3', words, { encoding: 'utf8' }));
    };
    const { code, answer, message } = send(token);
    assert.equal(code, 'OK', message);
    assert.equal(answer.rowCount, 30);
    const refused = send('nonsense');
    assert.deepEqual([refused.code, refused.names_reason], ['UNAUTHENTICATED', true]);
  });

  it('that breaks off leaves nothing', async () => {
    const request = http.request(suite.url + address(), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv', 'content-length': '1000000' },
    });
    request.on('error', () => {});
    const started = await suite.metric(`grpc_server_started_total{${METHOD}}`);
    request.write(csv(20, 500));
    await until('the service has the call', async () => (await suite.metric(`grpc_server_started_total{${METHOD}}`)) > started);
    request.destroy();
    await until('the call is over', async () => (await suite.metric(`grpc_server_handled_total{grpc_code="Canceled",${METHOD}}`)) > 0);
    const { body } = await curl(csv(20, 500), { query: '&header.validateOnly=true' });
    assert.equal(body.createdCount, 40, 'no pupil and no enrolment of them is there');
  });
});
