// gRPC-Web with stock clients: Connect's, and Google's in its binary and its text form. Unary calls, errors with details, and a server
// stream that brings what somebody else records.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { timestampNow } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { createGrpcWebTransport } from '@connectrpc/connect-web';
import grpcWeb from 'grpc-web';
import xhr2 from 'xhr2';
import { headteacher } from './caller.mjs';
import { generate } from './contract.mjs';
import { startSuite } from './harness.mjs';

let suite, caller, school, classes, visibility, events, details;
before(async () => {
  const load = generate();
  [visibility, events, details] = await Promise.all([
    load('fivestrand/leadership/v1/visibility_service'),
    load('fivestrand/events/v1/events'),
    load('google/rpc/error_details'),
  ]);
  suite = await startSuite();
  ({ caller, school, classes } = await headteacher(suite));
});
after(() => suite?.remove());

describe('Connect over gRPC-Web', () => {
  const transport = () =>
    createGrpcWebTransport({
      baseUrl: suite.url,
      fetch: (input, init) => {
        const headers = new Headers(init.headers);
        for (const [name, value] of Object.entries(caller.headers)) headers.set(name, value);
        return fetch(input, { ...init, headers });
      },
    });

  it('writes and reads', async () => {
    const client = createClient(visibility.VisibilityService, transport());
    const made = await client.createDropIn({ parent: school, dropIn: { startTime: timestampNow(), schoolClass: classes[0], wentWell: 'Connect' } });
    assert.equal((await client.getDropIn({ name: made.name })).wentWell, 'Connect');
  });

  it('gets the reason of an error', async () => {
    const client = createClient(visibility.VisibilityService, transport());
    await assert.rejects(client.getDropIn({ name: `${school}/dropIns/none` }), (error) => {
      assert.ok(error instanceof ConnectError);
      assert.equal(error.code, Code.NotFound);
      assert.equal(error.findDetails(details.ErrorInfoSchema)[0]?.reason, 'RESOURCE_NOT_FOUND');
      return true;
    });
  });

  it('hears of what somebody else records', { timeout: 30_000 }, async () => {
    const watch = new AbortController();
    const changes = createClient(events.ChangeService, transport()).watchChanges({ parent: school }, { signal: watch.signal });
    const client = createClient(visibility.VisibilityService, transport());
    // The stream begins with now: records are made until one is heard of.
    const made = new Set();
    const recording = (async () => {
      while (!watch.signal.aborted) {
        made.add((await client.createDropIn({ parent: school, dropIn: { startTime: timestampNow(), schoolClass: classes[0] } })).name);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })();
    try {
      for await (const change of changes) {
        if (made.has(change.resource)) break;
      }
    } finally {
      watch.abort();
      await recording;
    }
    assert.ok(made.size > 0);
  });

  it('keeps a deadline', async () => {
    const client = createClient(events.ChangeService, transport());
    await assert.rejects(
      async () => {
        for await (const _ of client.watchChanges({ parent: school }, { timeoutMs: 300 }));
      },
      (error) => error.code === Code.DeadlineExceeded,
    );
  });
});

for (const format of ['binary', 'text']) {
  describe(`Google's grpc-web, ${format}`, () => {
    before(() => {
      globalThis.XMLHttpRequest = xhr2;
      // A browser would add these itself.
      for (const name of ['cookie', 'origin']) delete xhr2.prototype._restrictedHeaders[name];
    });

    const call = (name, request) => {
      const method = visibility.VisibilityService.method[name];
      const descriptor = new grpcWeb.MethodDescriptor(
        `/${visibility.VisibilityService.typeName}/${method.name}`,
        grpcWeb.MethodType.UNARY,
        Object,
        Object,
        (message) => toBinary(method.input, message),
        (bytes) => fromBinary(method.output, bytes),
      );
      const client = new grpcWeb.GrpcWebClientBase({ format });
      return client.unaryCall(`${suite.url}${descriptor.getName()}`, create(method.input, request), caller.headers, descriptor);
    };

    it('writes and reads', async () => {
      const made = await call('createDropIn', { parent: school, dropIn: { startTime: timestampNow(), schoolClass: classes[0], wentWell: format } });
      assert.equal((await call('getDropIn', { name: made.name })).wentWell, format);
    });

    it('gets the code of an error', async () => {
      await assert.rejects(call('getDropIn', { name: `${school}/dropIns/none` }), (error) => error.code === grpcWeb.StatusCode.NOT_FOUND);
    });
  });
}
