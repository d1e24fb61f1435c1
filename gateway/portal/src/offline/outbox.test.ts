import { Code } from '@connectrpc/connect';
import { describe, expect, it } from 'vitest';
import { Keep } from './db';
import { Recorder } from './recorder';
import { makeBench, refusal } from './testing';

const OWNER = 'trusts/t/people/amina';
const OTHER = 'trusts/t/people/john';
const SCHOOL = 'trusts/t/schools/northgate';

function dropIn(startTime = '2026-11-24T09:00:00.123Z') {
  return { action: 'create' as const, type: 'dropIn' as const, parent: SCHOOL, record: { startTime }, label: 'Drop-in · 5 Oak' };
}

describe('the outbox', () => {
  it('sends what is recorded, once, and confirms it', async () => {
    const bench = await makeBench();
    const item = await bench.outbox.add(OWNER, dropIn());
    await bench.sender.flush();
    expect(bench.server.written).toHaveLength(1);
    expect(bench.server.written[0]?.requestId).toBe(item.id);
    expect((await bench.outbox.get(item.id))?.state).toBe('confirmed');
    expect(bench.confirmed).toEqual([item.id]);
  });

  it('keeps a record without a network and sends it when it is back', async () => {
    const bench = await makeBench();
    bench.online.value = false;
    await bench.outbox.add(OWNER, dropIn());
    await bench.sender.flush(true);
    expect(bench.server.written).toHaveLength(0);
    expect((await bench.outbox.list(OWNER))[0]?.problem?.kind).toBe('offline');
    bench.online.value = true;
    await bench.sender.flush(true);
    expect(bench.server.written).toHaveLength(1);
  });

  it('writes once when the answer was lost, with the same request id', async () => {
    const bench = await makeBench();
    bench.server.failures.push('lost-answer');
    const item = await bench.outbox.add(OWNER, dropIn());
    await bench.sender.flush(true);
    expect((await bench.outbox.get(item.id))?.state).toBe('waiting');
    await bench.runTimers();
    expect(bench.server.calls.map((call) => call.id)).toEqual([item.id, item.id]);
    expect(bench.server.written).toHaveLength(1);
    expect((await bench.outbox.get(item.id))?.state).toBe('confirmed');
  });

  it('looks for the record when the server may have forgotten the request id', async () => {
    const bench = await makeBench();
    bench.server.failures.push('lost-answer');
    const item = await bench.outbox.add(OWNER, dropIn());
    await bench.sender.flush(true);
    bench.server.forgetRequestIds();
    bench.clock.now += 30 * 60 * 60_000;
    await bench.sender.flush(true);
    expect(bench.server.written).toHaveLength(1);
    expect((await bench.outbox.get(item.id))?.result?.name).toBe(bench.server.written[0]?.name);
  });

  it('survives closing the page', async () => {
    const bench = await makeBench();
    bench.online.value = false;
    const item = await bench.outbox.add(OWNER, dropIn());
    bench.outbox.close();
    bench.online.value = true;
    const again = await bench.reopen();
    await again.sender.flush(true);
    expect(bench.server.written.map((entry) => entry.requestId)).toEqual([item.id]);
    expect((await again.outbox.get(item.id))?.state).toBe('confirmed');
  });

  it('sends in the order of recording', async () => {
    const bench = await makeBench();
    bench.online.value = false;
    const ids = [];
    for (let index = 0; index < 5; index++) ids.push((await bench.outbox.add(OWNER, dropIn(`2026-11-24T09:0${index}:00Z`))).id);
    bench.online.value = true;
    await bench.sender.flush(true);
    expect(bench.server.written.map((entry) => entry.requestId)).toEqual(ids);
  });

  it('keeps a refused record with its reason, and goes on with the next', async () => {
    const bench = await makeBench();
    bench.server.failures.push(refusal(Code.InvalidArgument));
    const bad = await bench.outbox.add(OWNER, dropIn());
    const good = await bench.outbox.add(OWNER, dropIn('2026-11-24T09:05:00Z'));
    await bench.sender.flush(true);
    expect((await bench.outbox.get(bad.id))?.state).toBe('refused');
    expect((await bench.outbox.get(bad.id))?.problem?.reason).toBe('INVALID_FIELD');
    expect((await bench.outbox.get(good.id))?.state).toBe('confirmed');
    await bench.sender.flush(true);
    expect(bench.server.calls.filter((call) => call.id === bad.id)).toHaveLength(1);
  });

  it('sends a corrected record as a new request', async () => {
    const bench = await makeBench();
    bench.server.failures.push(refusal(Code.InvalidArgument));
    const bad = await bench.outbox.add(OWNER, dropIn());
    await bench.sender.flush(true);
    const corrected = await bench.outbox.correct(bad.id, { startTime: '2026-11-24T09:00:00Z', schoolClass: 'other' });
    await bench.sender.flush(true);
    expect(corrected?.id).not.toBe(bad.id);
    expect(await bench.outbox.get(bad.id)).toBeUndefined();
    expect(bench.server.written[0]?.record.schoolClass).toBe('other');
  });

  it('discards a refused record only when asked', async () => {
    const bench = await makeBench();
    bench.server.failures.push(refusal(Code.PermissionDenied));
    const bad = await bench.outbox.add(OWNER, dropIn());
    await bench.sender.flush(true);
    await bench.outbox.tidy(OWNER);
    expect(await bench.outbox.get(bad.id)).toBeDefined();
    await bench.outbox.discard(bad.id);
    expect(await bench.outbox.get(bad.id)).toBeUndefined();
  });

  it('never discards what waits', async () => {
    const bench = await makeBench();
    bench.online.value = false;
    const item = await bench.outbox.add(OWNER, dropIn());
    await bench.outbox.discard(item.id);
    expect(await bench.outbox.get(item.id)).toBeDefined();
  });

  it('neither shows nor sends the records of another person on the same device', async () => {
    const bench = await makeBench();
    bench.online.value = false;
    await bench.outbox.add(OWNER, dropIn());
    bench.online.value = true;
    bench.signedIn.person = OTHER;
    bench.sender.setOwner(OTHER);
    await bench.sender.flush(true);
    expect(await bench.outbox.list(OTHER)).toEqual([]);
    expect(await bench.outbox.countOfOthers(OTHER)).toBe(1);
    expect(bench.server.calls).toEqual([]);
    bench.signedIn.person = OWNER;
    bench.sender.setOwner(OWNER);
    await bench.sender.flush(true);
    expect(bench.server.written).toHaveLength(1);
  });

  it('sends nothing when the cookie has become somebody else’s in another tab', async () => {
    const bench = await makeBench();
    bench.signedIn.person = OTHER;
    await bench.outbox.add(OWNER, dropIn());
    await bench.sender.flush(true);
    expect(bench.server.calls).toEqual([]);
  });

  it('waits for a sign-in when the session has ended', async () => {
    const bench = await makeBench();
    bench.signedIn.person = undefined;
    await bench.outbox.add(OWNER, dropIn());
    await bench.sender.flush(true);
    expect(bench.sessionsEnded.count).toBeGreaterThan(0);
    expect(bench.server.calls).toEqual([]);
    bench.signedIn.person = OWNER;
    bench.sender.setOwner(OWNER);
    await bench.sender.flush(true);
    expect(bench.server.written).toHaveLength(1);
  });

  it('stops at a server that is away and does not try every record against it', async () => {
    const bench = await makeBench();
    bench.online.value = false;
    for (let index = 0; index < 4; index++) await bench.outbox.add(OWNER, dropIn(`2026-11-24T09:0${index}:00Z`));
    bench.online.value = true;
    bench.server.failures.push(refusal(Code.Unavailable));
    await bench.sender.flush(true);
    expect(bench.server.calls).toHaveLength(1);
    await bench.runTimers();
    expect(bench.server.written).toHaveLength(4);
  });

  it('keeps confirmed items that a later one still needs', async () => {
    const bench = await makeBench();
    const item = await bench.outbox.add(OWNER, dropIn());
    await bench.sender.flush(true);
    bench.online.value = false;
    await bench.outbox.add(OWNER, {
      action: 'update',
      type: 'dropIn',
      after: item.id,
      record: { wentWell: 'x' },
      mask: ['went_well'],
      label: '',
    });
    bench.clock.now += 30 * 24 * 60 * 60_000;
    await bench.outbox.tidy(OWNER);
    expect(await bench.outbox.get(item.id)).toBeDefined();
    bench.online.value = true;
    await bench.sender.flush(true);
    bench.clock.now += 30 * 24 * 60 * 60_000;
    await bench.outbox.tidy(OWNER);
    expect(await bench.outbox.get(item.id)).toBeUndefined();
  });
});

describe('adding to a record and taking it back', () => {
  const recorderOf = (bench: Awaited<ReturnType<typeof makeBench>>) => new Recorder(bench.outbox, OWNER, () => undefined);

  it('changes a record that was never sent in place', async () => {
    const bench = await makeBench();
    bench.online.value = false;
    const item = await bench.outbox.add(OWNER, dropIn());
    await recorderOf(bench).add(item, { wentWell: 'Calm' }, ['went_well']);
    bench.online.value = true;
    await bench.sender.flush(true);
    expect(bench.server.written).toHaveLength(1);
    expect(bench.server.written[0]?.record.wentWell).toBe('Calm');
  });

  it('never changes the content of a request that was sent', async () => {
    const bench = await makeBench();
    bench.server.failures.push('lost-answer');
    const item = await bench.outbox.add(OWNER, dropIn());
    await bench.sender.flush(true);
    await recorderOf(bench).add(item, { wentWell: 'Calm' }, ['went_well']);
    await bench.sender.flush(true);
    expect(bench.server.written.map((entry) => entry.action)).toEqual(['create', 'update']);
    expect(bench.server.written[0]?.record.wentWell).toBeUndefined();
    expect(bench.server.written[1]?.name).toBe(bench.server.written[0]?.name);
  });

  it('adds twice to a sent record under the etag of the addition before', async () => {
    const bench = await makeBench();
    const item = await bench.outbox.add(OWNER, dropIn());
    await bench.sender.flush(true);
    await recorderOf(bench).add(item, { wentWell: 'One' }, ['went_well']);
    await bench.sender.flush(true);
    await recorderOf(bench).add(item, { wentWell: 'Two' }, ['went_well']);
    await bench.sender.flush(true);
    expect(bench.server.written.map((entry) => entry.etag)).toEqual(['', 'e1', 'e2']);
  });

  it('takes back a record that was never sent without a trace', async () => {
    const bench = await makeBench();
    bench.online.value = false;
    const item = await bench.outbox.add(OWNER, dropIn());
    expect(await recorderOf(bench).takeBack(item)).toBeUndefined();
    bench.online.value = true;
    await bench.sender.flush(true);
    expect(bench.server.calls).toEqual([]);
  });

  it('takes back a record whose sending is in doubt: first it is settled, then removed', async () => {
    const bench = await makeBench();
    bench.server.failures.push('lost-answer');
    const item = await bench.outbox.add(OWNER, dropIn());
    await bench.sender.flush(true);
    await recorderOf(bench).takeBack(item);
    await bench.sender.flush(true);
    expect(bench.server.written.map((entry) => entry.action)).toEqual(['create', 'delete']);
  });

  it('forgets both when what is taken back was refused', async () => {
    const bench = await makeBench();
    bench.server.failures.push(refusal(Code.Unavailable), refusal(Code.InvalidArgument));
    const item = await bench.outbox.add(OWNER, dropIn());
    await bench.sender.flush(true);
    await recorderOf(bench).takeBack(item);
    await bench.sender.flush(true);
    await bench.sender.flush(true);
    expect((await bench.outbox.list(OWNER)).filter((other) => other.state !== 'confirmed')).toEqual([]);
  });

  it('brings a removed record back, sent or not', async () => {
    const bench = await makeBench();
    const recorder = recorderOf(bench);
    bench.online.value = false;
    const unsent = await recorder.remove('dropIn', `${SCHOOL}/dropIns/a`, '');
    await recorder.bringBack(unsent);
    bench.online.value = true;
    await bench.sender.flush(true);
    expect(bench.server.calls).toEqual([]);
    const sent = await recorder.remove('dropIn', `${SCHOOL}/dropIns/a`, '');
    await bench.sender.flush(true);
    await recorder.bringBack(sent);
    await bench.sender.flush(true);
    expect(bench.server.written.map((entry) => [entry.action, entry.name])).toEqual([
      ['delete', `${SCHOOL}/dropIns/a`],
      ['undelete', `${SCHOOL}/dropIns/a`],
    ]);
  });

  it('takes a removal of what is gone already as done', async () => {
    const bench = await makeBench();
    bench.server.failures.push(refusal(Code.NotFound));
    const item = await recorderOf(bench).remove('dropIn', `${SCHOOL}/dropIns/a`, '');
    await bench.sender.flush(true);
    expect((await bench.outbox.get(item.id))?.state).toBe('confirmed');
  });
});

describe('what is kept on the device', () => {
  it('is found only by the person whom it belongs to, until it is cleared', async () => {
    const { device } = await makeBench();
    const keep = new Keep(device, 'snapshots');
    await keep.put(OWNER, 'day', { classes: 3 });
    expect((await keep.get<{ classes: number }>(OWNER, 'day'))?.value.classes).toBe(3);
    expect(await keep.get(OTHER, 'day')).toBeUndefined();
    await keep.clear();
    expect(await keep.get(OWNER, 'day')).toBeUndefined();
  });
});
