import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { createRouterTransport } from '@connectrpc/connect';
import { describe, expect, it } from 'vitest';
import { makeClients } from '../api/transport';
import { DropInSchema, DutySchema, Duty_Kind, VisitSchema, type DropIn } from '../gen/fivestrand/leadership/v1/visibility_pb';
import {
  VisibilityService,
  type CreateDropInRequest,
  type UpdateDropInRequest,
} from '../gen/fivestrand/leadership/v1/visibility_service_pb';
import type { OutboxItem } from './item';
import { jsonOf, typeOf, Recorder } from './recorder';
import { findEarlier, send } from './send';
import { makeBench } from './testing';

const SCHOOL = 'trusts/t/schools/s';
const START = new Date('2026-11-24T09:12:13.456Z');

function item(fields: Partial<OutboxItem>): OutboxItem {
  return {
    id: 'b54a1d5e-0000-4000-8000-000000000000',
    owner: 'trusts/t/people/a',
    action: 'create',
    type: 'dropIn',
    parent: SCHOOL,
    name: '',
    record: {},
    mask: [],
    label: '',
    createdAt: 1,
    attempts: 0,
    nextAttemptAt: 0,
    state: 'waiting',
    ...fields,
  };
}

describe('how records travel', () => {
  it('sends a record exactly as it was made, with its request id', async () => {
    const seen: CreateDropInRequest[] = [];
    const clients = makeClients(
      createRouterTransport(({ service }) => {
        service(VisibilityService, {
          createDropIn(request) {
            seen.push(request);
            return create(DropInSchema, { ...(request.dropIn as DropIn), name: `${SCHOOL}/dropIns/1`, etag: 'e1' });
          },
        });
      }),
    );
    const made = create(DropInSchema, {
      leader: 'trusts/t/people/a',
      schoolClass: `${SCHOOL}/classes/5`,
      focus: 'trusts/t/teachingFocuses/f',
      startTime: timestampFromDate(START),
    });
    const sent = await send(clients, item({ record: jsonOf(made) }), '', '');
    expect(sent).toMatchObject({ name: `${SCHOOL}/dropIns/1`, etag: 'e1' });
    expect(seen[0]?.parent).toBe(SCHOOL);
    expect(seen[0]?.requestId).toBe('b54a1d5e-0000-4000-8000-000000000000');
    expect(seen[0]?.dropIn).toEqual(made);
  });

  it('sends an addition with the name, the etag and the mask', async () => {
    const seen: UpdateDropInRequest[] = [];
    const clients = makeClients(
      createRouterTransport(({ service }) => {
        service(VisibilityService, {
          updateDropIn(request) {
            seen.push(request);
            return request.dropIn as DropIn;
          },
        });
      }),
    );
    await send(clients, item({ action: 'update', record: { wentWell: 'Calm' }, mask: ['went_well'] }), `${SCHOOL}/dropIns/1`, 'e1');
    expect(seen[0]?.dropIn).toMatchObject({ name: `${SCHOOL}/dropIns/1`, etag: 'e1', wentWell: 'Calm' });
    expect(seen[0]?.updateMask?.paths).toEqual(['went_well']);
  });

  it('finds what an earlier attempt wrote by leader and instant', async () => {
    const filters: string[] = [];
    const clients = makeClients(
      createRouterTransport(({ service }) => {
        service(VisibilityService, {
          listDropIns(request) {
            filters.push(request.filter);
            return { dropIns: [{ name: `${SCHOOL}/dropIns/1`, etag: 'e1' }] };
          },
        });
      }),
    );
    const found = await findEarlier(clients, item({ record: { startTime: START.toISOString() } }));
    expect(found?.name).toBe(`${SCHOOL}/dropIns/1`);
    expect(filters).toEqual(['leader = "trusts/t/people/a" AND start_time = "2026-11-24T09:12:13.456Z"']);
  });

  it('keeps each kind of record apart', () => {
    expect(typeOf(create(VisitSchema))).toBe('visit');
    expect(jsonOf(create(DutySchema, { kind: Duty_Kind.GATE_START }))).toEqual({ kind: 'GATE_START' });
  });

  it('records what a screen makes', async () => {
    const bench = await makeBench();
    let asked = 0;
    const recorder = new Recorder(bench.outbox, 'trusts/t/people/amina', () => (asked += 1));
    const recorded = await recorder.record(
      SCHOOL,
      create(DutySchema, { kind: Duty_Kind.BREAK, startTime: timestampFromDate(START) }),
      'Break duty',
    );
    expect(recorded.record).toEqual({ kind: 'BREAK', startTime: '2026-11-24T09:12:13.456Z' });
    expect(asked).toBe(1);
  });
});
