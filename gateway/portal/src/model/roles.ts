// What a person's grants open in the portal. The services decide what is allowed; this only keeps doors out of sight that would not open.
import type { Session, SchoolRef } from '../api/session';
import { idOf } from '../api/names';

export type Area = 'day' | 'visits' | 'school' | 'mine' | 'trust';

const RECORDERS = ['HEADTEACHER', 'SENIOR_LEADER', 'EXECUTIVE_HEADTEACHER', 'CEO'];
const VISITORS = ['CEO', 'EXECUTIVE_HEADTEACHER'];
const VISIT_READERS = [...VISITORS, 'HEADTEACHER', 'SENIOR_LEADER'];
const TRUST_ROLES = [
  'DIRECTOR', 'CEO', 'EXECUTIVE_HEADTEACHER', 'HR_DIRECTOR', 'DATA_LEAD', 'SEND_LEAD', 'CPD_LEAD', 'ADMINISTRATOR', 'DATA_PROTECTION_OFFICER',
];
const TEACHING = ['TEACHER', 'MIDDLE_LEADER', 'SENDCO'];

// Whether one of `roles` counts in `school`, or anywhere when no school is named.
function holds(session: Session, roles: string[], school?: string): boolean {
  return session.grants.some(
    (grant) => roles.includes(grant.role) && (!school || grant.schools.length === 0 || grant.schools.includes(idOf(school))),
  );
}

export function mayRecord(session: Session, school?: string): boolean {
  return holds(session, RECORDERS, school);
}

export function mayWriteVisits(session: Session, school?: string): boolean {
  return holds(session, VISITORS, school);
}

export function mayReadVisits(session: Session, school?: string): boolean {
  return holds(session, VISIT_READERS, school);
}

export function hasTrustRole(session: Session): boolean {
  return holds(session, TRUST_ROLES);
}

export function isTaught(session: Session, school?: string): boolean {
  return holds(session, TEACHING, school);
}

// The schools that a person may switch between: those that the grants name, or all for a role that counts in the whole trust.
export function schoolsOf(session: Session): SchoolRef[] {
  if (session.grants.some((grant) => grant.schools.length === 0 && TRUST_ROLES.includes(grant.role))) return session.schools;
  const named = new Set(session.grants.flatMap((grant) => grant.schools));
  return session.schools.filter((school) => named.has(idOf(school.name)));
}

export function areasOf(session: Session, school?: string): Area[] {
  const areas: Area[] = [];
  if (mayRecord(session, school)) areas.push('day');
  if (mayReadVisits(session, school)) areas.push('visits');
  if (school) areas.push('school');
  if (isTaught(session, school) && !mayRecord(session, school)) areas.push('mine');
  if (hasTrustRole(session)) areas.push('trust');
  return areas;
}

// Home is what one came for: the day for those who lead a school, visits for those who go from school to school, figures for the board.
export function homeOf(session: Session): Area {
  if (holds(session, ['HEADTEACHER', 'SENIOR_LEADER'])) return 'day';
  if (mayWriteVisits(session)) return 'visits';
  if (hasTrustRole(session)) return 'trust';
  return 'school';
}
