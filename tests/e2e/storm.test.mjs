// The power cut: kill -9 in the middle of a storm of writes, several times. Afterwards every acknowledged record is there exactly
// once, nothing is there that nobody sent, and the audit chain holds.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, it } from 'node:test';
import { headteacher, signIn } from './caller.mjs';
import { startSuite } from './harness.mjs';

const CUTS = 5;
const WRITERS = 16;
const ACKNOWLEDGED_BEFORE_CUT = 300;

let suite;
before(async () => {
  suite = await startSuite();
});
after(() => suite?.remove());

/** Writes until the suite is cut off. Each record carries a text of its own; what the server acknowledged goes into `kept`. */
async function storm({ caller, school, classes }, sent, kept) {
  let cut = false;
  const atStart = kept.size;
  const writers = Array.from({ length: WRITERS }, async () => {
    while (!cut) {
      const requestId = randomUUID();
      sent.add(requestId);
      try {
        const answer = await caller.call('POST', `/v1/${school}/dropIns?requestId=${requestId}`, {
          startTime: '2026-01-12T09:30:00Z',
          schoolClass: classes[sent.size % classes.length],
          wentWell: requestId,
        });
        if (answer.status === 200) kept.set(requestId, answer.body.name);
      } catch {
        return; // The connection broke: nobody knows whether this one was written.
      }
      if (kept.size - atStart >= ACKNOWLEDGED_BEFORE_CUT && !cut) {
        cut = true;
        await suite.stop('SIGKILL');
      }
    }
  });
  await Promise.all(writers);
}

async function everyDropIn(caller, school) {
  const found = [];
  let token = '';
  do {
    const query = `filter=${encodeURIComponent('start_time = "2026-01-12T09:30:00Z"')}&pageSize=200&pageToken=${encodeURIComponent(token)}`;
    const page = await caller.ok('GET', `/v1/${school}/dropIns?${query}`);
    found.push(...(page.dropIns ?? []));
    token = page.nextPageToken ?? '';
  } while (token);
  return found;
}

it('loses nothing that was acknowledged, and doubles nothing', { timeout: 240_000 }, async () => {
  const sent = new Set();
  const kept = new Map();
  for (let cut = 0; cut < CUTS; cut += 1) {
    await storm(await headteacher(suite), sent, kept);
    await suite.start();
  }
  assert.ok(kept.size >= CUTS * ACKNOWLEDGED_BEFORE_CUT);

  const { caller, school, classes } = await headteacher(suite);
  const found = (await everyDropIn(caller, school)).filter(({ wentWell }) => sent.has(wentWell));
  const names = new Map(found.map(({ wentWell, name }) => [wentWell, name]));
  assert.equal(names.size, found.length, 'no record is there twice');
  for (const [requestId, name] of kept) assert.equal(names.get(requestId), name, `acknowledged ${requestId}`);

  // A client that does not know repeats its call: what was written is found again, what was not is written now.
  const unknown = [...sent].filter((requestId) => !kept.has(requestId));
  for (const requestId of unknown) {
    const again = await caller.ok('POST', `/v1/${school}/dropIns?requestId=${requestId}`, {
      startTime: '2026-01-12T09:30:00Z',
      schoolClass: classes[0],
      wentWell: requestId,
    }).catch((error) => ({ refused: error.message }));
    // The class is another one for some: then the server says that the id was used, which also means written once.
    assert.ok(again.name || /REQUEST_ID_REUSED/.test(again.refused), again.refused);
  }
  const all = (await everyDropIn(caller, school)).filter(({ wentWell }) => sent.has(wentWell));
  assert.equal(new Set(all.map(({ wentWell }) => wentWell)).size, all.length, 'still once each');
  assert.equal(all.length, sent.size);

  await suite.stop('SIGTERM');
  const { code, output } = await suite.run('audit', 'verify');
  assert.equal(code, 0, output);
});

it('signs in and reads as before', async () => {
  await suite.start();
  const caller = await signIn(suite, 'HEADTEACHER');
  assert.ok((await caller.me()).schools.length > 0);
});
