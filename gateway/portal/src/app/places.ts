// Where things are: addresses of the screens, and the school that one is at.
import { idOf, schoolName } from '../api/names';
import type { SchoolRef, Session } from '../api/session';
import { homeOf, schoolsOf, type Area } from '../model/roles';

export function pathOf(area: Area, school: string | undefined): string {
  const id = school ? idOf(school) : '';
  switch (area) {
    case 'day':
      return `/schools/${id}/day`;
    case 'mine':
      return `/schools/${id}/mine`;
    case 'school':
      return `/schools/${id}`;
    case 'visits':
      return '/visits';
    case 'trust':
    case 'model':
    case 'concerns':
    case 'results':
    case 'learning':
    case 'wellbeing':
      return `/${area}`;
  }
}

export function areaOfPath(path: string): Area | 'waiting' | undefined {
  if (/^\/schools\/[^/]+\/day$/.test(path)) return 'day';
  if (/^\/schools\/[^/]+\/mine$/.test(path)) return 'mine';
  if (/^\/schools\/[^/]+$/.test(path)) return 'school';
  if (path === '/visits') return 'visits';
  const first = /^\/([a-z]+)(\/|$)/.exec(path)?.[1];
  if (first === 'trust' || first === 'model' || first === 'concerns' || first === 'results' || first === 'learning' || first === 'wellbeing') return first;
  if (path === '/waiting') return 'waiting';
  return undefined;
}

const LAST = 'fivestrand-school';

// The school of the address, or the one that this person was at last, or the first of theirs.
export function schoolAt(session: Session, path: string): SchoolRef | undefined {
  const mine = schoolsOf(session);
  const id = /^\/schools\/([^/]+)/.exec(path)?.[1];
  if (id) return session.schools.find((school) => school.name === schoolName(session.trust, id));
  let last: string | null = null;
  try {
    last = localStorage.getItem(`${LAST} ${session.person}`);
  } catch {
    // Without storage the first school is used.
  }
  return mine.find((school) => school.name === last) ?? mine[0];
}

export function rememberSchool(session: Session, school: string): void {
  try {
    localStorage.setItem(`${LAST} ${session.person}`, school);
  } catch {
    // Only a convenience.
  }
}

export function homePath(session: Session): string {
  const school = schoolAt(session, '/')?.name;
  const home = homeOf(session, school);
  return home ? pathOf(home, school) : '/nothing';
}
