// The clients of the services, over gRPC-Web to the gateway that served the page.
import { createClient, type Transport } from '@connectrpc/connect';
import { createGrpcWebTransport } from '@connectrpc/connect-web';
import { ChangeService } from '../gen/fivestrand/events/v1/events_pb';
import { ImprovementService } from '../gen/fivestrand/leadership/v1/improvement_service_pb';
import { OrganisationService } from '../gen/fivestrand/leadership/v1/organisation_service_pb';
import { PeopleService } from '../gen/fivestrand/leadership/v1/people_service_pb';
import { VisibilityService } from '../gen/fivestrand/leadership/v1/visibility_service_pb';

const DEADLINE_MS = 15_000;

export function browserTransport(): Transport {
  return createGrpcWebTransport({
    baseUrl: window.location.origin,
    defaultTimeoutMs: DEADLINE_MS,
    fetch: (input, init) => fetch(input, { ...init, credentials: 'same-origin' }),
  });
}

export function makeClients(transport: Transport) {
  return {
    visibility: createClient(VisibilityService, transport),
    organisation: createClient(OrganisationService, transport),
    people: createClient(PeopleService, transport),
    improvement: createClient(ImprovementService, transport),
    changes: createClient(ChangeService, transport),
  };
}

export type Clients = ReturnType<typeof makeClients>;
