// Python's stock gRPC client, which learns the contract from reflection.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { after, before, it } from 'node:test';
import { root, startSuite } from './harness.mjs';

let suite;
before(async () => {
  suite = await startSuite();
});
after(() => suite?.remove());

const python = (...words) =>
  JSON.parse(execFileSync('/usr/bin/python3', ['-B', path.join(root, 'tests/e2e/clients/reflection.py'), suite.grpc, ...words], { encoding: 'utf8' }));

it('finds the services, and is refused without a token, with the reason', () => {
  const seen = python('fivestrand.leadership.v1.OrganisationService/ListSchools', '{"parent": "trusts/demo"}');
  for (const service of ['OrganisationService', 'PeopleService', 'CalendarService', 'VisibilityService']) {
    assert.ok(seen.services.includes(`fivestrand.leadership.v1.${service}`), seen.services.join(' '));
  }
  assert.deepEqual([seen.code, seen.names_reason], ['UNAUTHENTICATED', true]);
});
