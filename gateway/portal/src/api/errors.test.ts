import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from 'vitest';
import { ErrorReason } from '../gen/fivestrand/type/v1/error_reason_pb';
import { BadRequestSchema, ErrorInfoSchema, PreconditionFailureSchema, RetryInfoSchema } from '../gen/google/rpc/error_details_pb';
import { mayBeTriedAgain, problemOf, reasonsWithWords } from './errors';

function withReason(reason: string, code = Code.InvalidArgument, domain = 'fivestrand') {
  return new ConnectError('message for the log', code, undefined, [{ desc: ErrorInfoSchema, value: { reason, domain } }]);
}

describe('errors in plain words', () => {
  const reasons = Object.values(ErrorReason).filter(
    (reason): reason is string => typeof reason === 'string' && reason !== 'ERROR_REASON_UNSPECIFIED',
  );

  it('has words for every reason of the contract', () => {
    expect(reasonsWithWords()).toEqual(expect.arrayContaining(reasons));
  });

  it.each(reasons)('%s has its own title and says what to do', (reason) => {
    const problem = problemOf(withReason(reason));
    expect(problem.reason).toBe(reason);
    expect(problem.title).not.toBe('');
    expect(problem.advice).not.toBe('');
    expect(problem.title).not.toContain('message for the log');
    expect(reasons.filter((other) => problemOf(withReason(other)).title === problem.title)).toEqual([reason]);
  });

  it('goes by the code when there is no reason that it knows', () => {
    expect(problemOf(new ConnectError('x', Code.Unauthenticated)).kind).toBe('session');
    expect(problemOf(new ConnectError('x', Code.Unavailable)).kind).toBe('busy');
    expect(problemOf(withReason('SOMETHING_NEWER', Code.PermissionDenied)).reason).toBe('PERMISSION_DENIED');
    expect(problemOf(withReason('ETAG_MISMATCH', Code.NotFound, 'elsewhere')).reason).toBe('RESOURCE_NOT_FOUND');
  });

  it('knows a missing network from a server that answers', () => {
    expect(problemOf(new TypeError('Failed to fetch')).kind).toBe('offline');
    expect(problemOf(ConnectError.from(new TypeError('Failed to fetch'))).kind).toBe('offline');
    expect(problemOf(new Error('a fault of the page')).kind).toBe('fault');
  });

  it('names the fields and the rules', () => {
    const fields = new ConnectError('x', Code.InvalidArgument, undefined, [
      { desc: ErrorInfoSchema, value: { reason: 'INVALID_FIELD', domain: 'fivestrand' } },
      { desc: BadRequestSchema, value: { fieldViolations: [{ field: 'visit.purpose', description: 'must not be empty' }] } },
    ]);
    expect(problemOf(fields).fields).toEqual([{ field: 'visit.purpose', description: 'must not be empty' }]);
    const rule = new ConnectError('x', Code.FailedPrecondition, undefined, [
      { desc: ErrorInfoSchema, value: { reason: 'RULE_REFUSED', domain: 'fivestrand' } },
      { desc: PreconditionFailureSchema, value: { violations: [{ type: 'STATE', subject: 'x', description: 'the visit lies ahead' }] } },
    ]);
    expect(problemOf(rule).advice).toBe('The visit lies ahead.');
  });

  it('tries again what may pass, and only that', () => {
    const again = reasons.filter((reason) => mayBeTriedAgain(problemOf(withReason(reason))));
    expect(again.sort()).toEqual([
      'DATA_CORRUPT',
      'DEADLINE_EXCEEDED',
      'DRAINING',
      'INTERNAL_ERROR',
      'OVERLOADED',
      'STORE_UNAVAILABLE',
      'UPSTREAM_UNAVAILABLE',
    ]);
    const busy = new ConnectError('x', Code.ResourceExhausted, undefined, [
      { desc: RetryInfoSchema, value: { retryDelay: { seconds: 3n, nanos: 500_000_000 } } },
    ]);
    expect(problemOf(busy).retryAfterMs).toBe(3500);
  });
});
