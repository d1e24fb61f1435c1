// Errors in plain words. The text is chosen by the reason that the service gives, never taken from its message, which is for logs.
import { Code, ConnectError } from '@connectrpc/connect';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  PreconditionFailureSchema,
  RequestInfoSchema,
  RetryInfoSchema,
} from '../gen/google/rpc/error_details_pb';

export type ProblemKind =
  | 'offline' // Nobody answered: no network, or the server is away.
  | 'busy' // Answered, and asks to come back later.
  | 'session' // Nobody is signed in any more.
  | 'conflict' // The record changed in between.
  | 'refused' // The same request will be refused again.
  | 'fault'; // A fault on the server; trying again may help.

export interface FieldProblem {
  field: string;
  description: string;
}

export interface Problem {
  kind: ProblemKind;
  // Name of an ErrorReason, or `OFFLINE` or `UNKNOWN`.
  reason: string;
  title: string;
  advice: string;
  fields: FieldProblem[];
  // For the people who run the server; empty when none came.
  requestId: string;
  retryAfterMs?: number;
}

type Words = { kind: ProblemKind; title: string; advice: string };

const WORDS: Record<string, Words> = {
  OFFLINE: {
    kind: 'offline',
    title: 'No connection',
    advice: 'What you record is kept on this device and sent when the connection is back.',
  },
  INVALID_FIELD: { kind: 'refused', title: 'Something in the form needs changing', advice: 'Look at the fields that are named.' },
  INVALID_FILTER: { kind: 'refused', title: 'This list cannot be asked for like that', advice: 'Go back and open it again.' },
  PAGE_TOKEN_MISMATCH: { kind: 'refused', title: 'This list has moved on', advice: 'Open it again from the top.' },
  REQUEST_ID_REUSED: {
    kind: 'refused',
    title: 'This was sent before with other content',
    advice: 'Record it again; the first one is kept.',
  },
  INVALID_MASK: { kind: 'refused', title: 'One of these details cannot be changed', advice: 'Reload the page and try again.' },
  REQUEST_TOO_LARGE: { kind: 'refused', title: 'This is too long to save', advice: 'Shorten the text.' },
  MALFORMED_BODY: { kind: 'refused', title: 'This page is older than the server', advice: 'Reload the page; what you typed is kept.' },
  INVALID_TOKEN: { kind: 'session', title: 'You are signed out', advice: 'Sign in again; what you typed is kept.' },
  PERMISSION_DENIED: {
    kind: 'refused',
    title: 'This is not open to you',
    advice: 'It does not exist, or your grants do not include it. Your administrator can tell you which.',
  },
  CSRF_REJECTED: {
    kind: 'refused',
    title: 'The server could not tell that this came from the portal',
    advice: 'Reload the page and try again.',
  },
  RESOURCE_NOT_FOUND: {
    kind: 'refused',
    title: 'This record is no longer there',
    advice: 'Somebody may have removed it. Reload the list.',
  },
  RESOURCE_EXISTS: { kind: 'refused', title: 'This is already recorded', advice: 'Look for it in the list.' },
  ETAG_MISMATCH: {
    kind: 'conflict',
    title: 'Somebody changed this while you were writing',
    advice: 'Compare both texts and keep what you want of each.',
  },
  REFERENCE_NOT_FOUND: { kind: 'refused', title: 'A class, person or subject in it no longer exists', advice: 'Choose another one.' },
  RESOURCE_DELETED: { kind: 'refused', title: 'This record was removed', advice: 'Bring it back first, then change it.' },
  RESOURCE_IN_USE: { kind: 'refused', title: 'Other records still need this one', advice: 'Change those first.' },
  RULE_REFUSED: { kind: 'refused', title: 'The rules do not allow this now', advice: 'See why below.' },
  OVERLOADED: { kind: 'busy', title: 'The server is busy', advice: 'It is tried again by itself.' },
  STORE_UNAVAILABLE: { kind: 'busy', title: 'The server cannot save just now', advice: 'It is tried again by itself.' },
  DRAINING: { kind: 'busy', title: 'The server is restarting', advice: 'It is tried again by itself.' },
  UPSTREAM_UNAVAILABLE: { kind: 'busy', title: 'Part of the server is away', advice: 'It is tried again by itself.' },
  DEADLINE_EXCEEDED: { kind: 'busy', title: 'The server took too long', advice: 'It is tried again by itself.' },
  INTERNAL_ERROR: {
    kind: 'fault',
    title: 'Something went wrong on the server',
    advice: 'Nothing you typed is lost. If it happens again, report the number below.',
  },
  DATA_CORRUPT: {
    kind: 'fault',
    title: 'A stored record cannot be read',
    advice: 'Report the number below; an engineer has to look at it.',
  },
  METHOD_NOT_SERVED: {
    kind: 'refused',
    title: 'This server cannot do that',
    advice: 'The portal and the server may be of different versions. Reload the page.',
  },
  UNKNOWN: { kind: 'fault', title: 'Something went wrong', advice: 'Nothing you typed is lost. Try again.' },
};

// For an answer without a reason, such as one from a proxy in between.
const BY_CODE: Partial<Record<Code, string>> = {
  [Code.InvalidArgument]: 'INVALID_FIELD',
  [Code.OutOfRange]: 'INVALID_FIELD',
  [Code.Unauthenticated]: 'INVALID_TOKEN',
  [Code.PermissionDenied]: 'PERMISSION_DENIED',
  [Code.NotFound]: 'RESOURCE_NOT_FOUND',
  [Code.AlreadyExists]: 'RESOURCE_EXISTS',
  [Code.Aborted]: 'ETAG_MISMATCH',
  [Code.FailedPrecondition]: 'RULE_REFUSED',
  [Code.ResourceExhausted]: 'OVERLOADED',
  [Code.Unavailable]: 'UPSTREAM_UNAVAILABLE',
  [Code.DeadlineExceeded]: 'DEADLINE_EXCEEDED',
  [Code.Unimplemented]: 'METHOD_NOT_SERVED',
  [Code.Internal]: 'INTERNAL_ERROR',
  [Code.DataLoss]: 'DATA_CORRUPT',
};

export function reasonsWithWords(): string[] {
  return Object.keys(WORDS);
}

export function problemOf(error: unknown): Problem {
  if (isNetworkFailure(error)) return make('OFFLINE');
  if (!(error instanceof ConnectError)) return make('UNKNOWN');
  const info = error.findDetails(ErrorInfoSchema).find((detail) => detail.domain === 'fivestrand');
  const reason = info && WORDS[info.reason] ? info.reason : (BY_CODE[error.code] ?? 'UNKNOWN');
  const problem = make(reason);
  problem.fields = error
    .findDetails(BadRequestSchema)
    .flatMap((detail) => detail.fieldViolations)
    .map(({ field, description }) => ({ field, description }));
  if (reason === 'RULE_REFUSED') {
    const rules = error.findDetails(PreconditionFailureSchema).flatMap((detail) => detail.violations);
    if (rules.length > 0) problem.advice = rules.map((rule) => sentence(rule.description)).join(' ');
  }
  const retry = error.findDetails(RetryInfoSchema)[0]?.retryDelay;
  if (retry) problem.retryAfterMs = Number(retry.seconds) * 1000 + retry.nanos / 1e6;
  problem.requestId = error.findDetails(RequestInfoSchema)[0]?.requestId ?? error.metadata.get('x-request-id') ?? '';
  return problem;
}

export function mayBeTriedAgain(problem: Problem): boolean {
  return problem.kind === 'offline' || problem.kind === 'busy' || problem.kind === 'fault';
}

function make(reason: string): Problem {
  const words = WORDS[reason] ?? (WORDS.UNKNOWN as Words);
  return { ...words, reason, fields: [], requestId: '' };
}

// fetch() rejects with a TypeError when nobody answered; Connect wraps it. A request that was cut off counts as unanswered too.
function isNetworkFailure(error: unknown): boolean {
  if (error instanceof TypeError) return true;
  if (error instanceof DOMException) return error.name === 'TimeoutError' || error.name === 'NetworkError';
  return error instanceof ConnectError && error.cause !== undefined && isNetworkFailure(error.cause);
}

function sentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return '';
  return trimmed.charAt(0).toUpperCase() + trimmed.slice(1) + (/[.!?]$/.test(trimmed) ? '' : '.');
}
