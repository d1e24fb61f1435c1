// Who is signed in. The session itself is a cookie that no script can read; the gateway says whose it is.

export interface Grant {
  // Name of the role without its prefix, for example `HEADTEACHER`.
  role: string;
  // Ids of schools; empty for the whole trust.
  schools: string[];
}

export interface SchoolRef {
  name: string;
  displayName: string;
}

export interface Session {
  person: string;
  displayName: string;
  postTitle: string;
  trust: string;
  grants: Grant[];
  schools: SchoolRef[];
}

export interface DemoPerson {
  person: string;
  displayName: string;
  postTitle: string;
  // Name of a Post.Kind, for example `HEADTEACHER`.
  postKind: string;
  schoolDisplayName: string;
}

// The server answered, and not with what was asked for.
export class HttpProblem extends Error {
  constructor(readonly status: number) {
    super(`HTTP ${status}`);
  }
}

async function call(path: string, body?: unknown): Promise<Response> {
  const response = await fetch(path, {
    method: body === undefined ? 'GET' : 'POST',
    credentials: 'same-origin',
    cache: 'no-store',
    headers: body === undefined ? { accept: 'application/json' } : { accept: 'application/json', 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  });
  if (!response.ok) throw new HttpProblem(response.status);
  return response;
}

// Undefined when nobody is signed in. Throws TypeError when the server cannot be reached.
export async function fetchSession(): Promise<Session | undefined> {
  try {
    return readSession(await (await call('/auth/me')).json());
  } catch (error) {
    if (error instanceof HttpProblem && error.status === 401) return undefined;
    throw error;
  }
}

export async function signIn(person: string): Promise<void> {
  await call('/auth/sign-in', { person });
}

export async function signOut(): Promise<void> {
  await call('/auth/sign-out', {});
}

// The people of the demonstration trust; undefined where there is no demonstration.
export async function fetchDemoPeople(): Promise<DemoPerson[] | undefined> {
  try {
    const body = (await (await call('/auth/people')).json()) as { people?: Partial<DemoPerson>[] };
    return (body.people ?? []).map((person) => ({
      person: person.person ?? '',
      displayName: person.displayName ?? '',
      postTitle: person.postTitle ?? '',
      postKind: person.postKind ?? '',
      schoolDisplayName: person.schoolDisplayName ?? '',
    }));
  } catch (error) {
    if (error instanceof HttpProblem && error.status === 404) return undefined;
    throw error;
  }
}

export function readSession(body: unknown): Session {
  const value = body as Partial<Omit<Session, 'grants'>> & { grants?: { role?: string; schools?: string[] }[] };
  const person = value.person ?? '';
  const trust = value.trust ?? '';
  return {
    person,
    displayName: value.displayName ?? '',
    postTitle: value.postTitle ?? '',
    trust: trust === '' || trust.startsWith('trusts/') ? trust || person.split('/').slice(0, 2).join('/') : `trusts/${trust}`,
    grants: (value.grants ?? []).map((grant) => ({
      role: (grant.role ?? '').replace(/^ROLE_/, '').toUpperCase(),
      schools: (grant.schools ?? []).map((school) => school.slice(school.lastIndexOf('/') + 1)),
    })),
    schools: value.schools ?? [],
  };
}
