// What a person's grants open in the portal. The services decide what is allowed; this only keeps doors out of sight that would not open.
import type { Session, SchoolRef } from '../api/session';
import { idOf } from '../api/names';

export type Area = 'day' | 'visits' | 'school' | 'concerns' | 'results' | 'learning' | 'wellbeing' | 'mine' | 'trust' | 'model';

const LEADERS = ['HEADTEACHER', 'SENIOR_LEADER', 'EXECUTIVE_HEADTEACHER', 'CEO'];
// A middle leader records in their own subject or year: the service shows only those classes.
const RECORDERS = [...LEADERS, 'MIDDLE_LEADER'];
const VISITORS = ['CEO', 'EXECUTIVE_HEADTEACHER'];
const VISIT_READERS = [...VISITORS, 'HEADTEACHER', 'SENIOR_LEADER'];
// Those who work for the trust as a whole.
const OFFICERS = [
  'CEO',
  'EXECUTIVE_HEADTEACHER',
  'HR_DIRECTOR',
  'DATA_LEAD',
  'SEND_LEAD',
  'CPD_LEAD',
  'ADMINISTRATOR',
  'DATA_PROTECTION_OFFICER',
];
// Roles that may count in the whole trust.
const TRUST_ROLES = ['DIRECTOR', ...OFFICERS];
const TRUST_READERS = ['DIRECTOR', 'CEO', 'EXECUTIVE_HEADTEACHER'];
const SCHOOL_READERS = [
  ...TRUST_READERS,
  'HEADTEACHER',
  'SENIOR_LEADER',
  'MIDDLE_LEADER',
  'TEACHER',
  'SENDCO',
  'SUPPORT_STAFF',
  'EXTERNAL_CONSULTANT',
];
const TEACHING = ['TEACHER', 'MIDDLE_LEADER', 'SENDCO'];
const CONCERNED = [...RECORDERS, 'DIRECTOR'];
// Those who answer a concern rather than read of it.
const ANSWERING = RECORDERS;
const RESULT_READERS = [...TRUST_READERS, 'DATA_LEAD', 'SEND_LEAD', 'HEADTEACHER', 'SENIOR_LEADER', 'EXTERNAL_CONSULTANT', ...TEACHING];
// A director reads figures and board papers; a consultant what the visit needs. Everybody else works here.
const STAFF = [...OFFICERS, 'HEADTEACHER', 'SENIOR_LEADER', 'SUPPORT_STAFF', 'COACH', ...TEACHING];

// What a school is called; its id where the person does not see it.
export function nameOfSchool(session: Session, school: string): string {
  return session.schools.find(({ name }) => name === school)?.displayName ?? idOf(school);
}

// Whether one of `roles` counts in `school`, or anywhere when no school is named.
function holds(session: Session, roles: string[], school?: string): boolean {
  return session.grants.some(
    (grant) => roles.includes(grant.role) && (!school || grant.schools.length === 0 || grant.schools.includes(idOf(school))),
  );
}

export function mayRecord(session: Session, school?: string): boolean {
  return holds(session, RECORDERS, school);
}

export function mayRecordDuties(session: Session, school?: string): boolean {
  return holds(session, LEADERS, school);
}

// What somebody recorded is changed and removed by them alone.
export function mayChange(session: Session, record: { leader: string }): boolean {
  return record.leader === session.person;
}

// Whose drop-ins the coverage of a school counts for this person: everybody's, only their own, or none.
export function coverageReach(session: Session, school: string): 'all' | 'own' | 'none' {
  if (holds(session, ['HEADTEACHER', 'SENIOR_LEADER', 'EXECUTIVE_HEADTEACHER'], school)) return 'all';
  return mayRecord(session, school) ? 'own' : 'none';
}

export function mayReadFigures(session: Session, school?: string): boolean {
  return holds(session, SCHOOL_READERS, school);
}

export function mayWriteVisits(session: Session, school?: string): boolean {
  return holds(session, VISITORS, school);
}

export function mayReadVisits(session: Session, school?: string): boolean {
  return holds(session, VISIT_READERS, school);
}

export function mayReadTrust(session: Session): boolean {
  return holds(session, TRUST_READERS);
}

export function mayReadConcerns(session: Session): boolean {
  return holds(session, CONCERNED);
}

export function mayAnswerConcerns(session: Session, school?: string): boolean {
  return holds(session, ANSWERING, school);
}

export function mayReadResults(session: Session, school?: string): boolean {
  return holds(session, RESULT_READERS, school);
}

const PUPIL_READERS = ['CEO', 'EXECUTIVE_HEADTEACHER', 'DATA_LEAD', 'SEND_LEAD', 'HEADTEACHER', 'SENIOR_LEADER', ...TEACHING];

// Directors and consultants read figures, never a pupil.
export function mayReadPupils(session: Session): boolean {
  return holds(session, PUPIL_READERS);
}

export function mayEnterResults(session: Session): boolean {
  return holds(session, ['DATA_LEAD', ...TEACHING]);
}

// Those who see whole schools or, as middle leaders, a subject or a year; a teacher opens only their own classes.
export function mayOpenEveryGrid(session: Session): boolean {
  return holds(session, ['DATA_LEAD', 'MIDDLE_LEADER', 'SENDCO']);
}

export function mayImportResults(session: Session): boolean {
  return holds(session, ['DATA_LEAD']);
}

// Pupils, their groups, windows and scales of the trust.
export function mayKeepPupils(session: Session): boolean {
  return holds(session, ['DATA_LEAD']);
}

export function mayWriteNeeds(session: Session, school: string): boolean {
  return holds(session, ['SENDCO', 'SEND_LEAD'], school);
}

export function maySetThreshold(session: Session): boolean {
  return holds(session, ['ADMINISTRATOR']);
}

export function mayManageLearning(session: Session): boolean {
  return holds(session, ['CPD_LEAD']);
}

// Those who see how much coaching there is, and never what it is about.
export function mayCountCoaching(session: Session): boolean {
  return holds(session, ['CPD_LEAD', 'HEADTEACHER', 'EXECUTIVE_HEADTEACHER', 'CEO']);
}

// Those who begin check-ins and support, and take up what somebody who has left held.
export function mayBeginCheckIns(session: Session): boolean {
  return holds(session, ['HR_DIRECTOR']);
}

// The CEO holds what is about the only HR director, and what was handed over.
export function mayHoldCheckIns(session: Session): boolean {
  return holds(session, ['HR_DIRECTOR', 'CEO']);
}

export function mayRunPulses(session: Session): boolean {
  return holds(session, ['HR_DIRECTOR', 'CEO']);
}

export function mayBreakGlass(session: Session): boolean {
  return holds(session, ['HR_DIRECTOR', 'DATA_PROTECTION_OFFICER']);
}

export function isStaff(session: Session): boolean {
  return holds(session, STAFF);
}

// Every member of staff and every director reads what the schools are held to.
export function mayReadModel(session: Session): boolean {
  return isStaff(session) || holds(session, ['DIRECTOR']);
}

export function mayChangeModel(session: Session): boolean {
  return holds(session, ['CEO', 'ADMINISTRATOR']);
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
  if (school && mayReadFigures(session, school)) areas.push('school');
  if (mayReadTrust(session)) areas.push('trust');
  if (mayReadConcerns(session)) areas.push('concerns');
  if (mayReadResults(session, school)) areas.push('results');
  if (isStaff(session)) areas.push('learning', 'wellbeing');
  if (isTaught(session, school)) areas.push('mine');
  // An administrator sets up what others read.
  if (!areas.includes('results') && maySetThreshold(session)) areas.push('results');
  if (mayReadModel(session)) areas.push('model');
  return areas;
}

// Home is what one came for: the day for those who lead a school, visits for those who go from school to school, figures for the
// board. Undefined for a role that has nothing here.
export function homeOf(session: Session, school?: string): Area | undefined {
  if (holds(session, ['HEADTEACHER', 'SENIOR_LEADER'])) return 'day';
  if (mayWriteVisits(session)) return 'visits';
  if (holds(session, ['DIRECTOR'])) return 'trust';
  if (holds(session, ['HR_DIRECTOR'])) return 'wellbeing';
  if (holds(session, ['DATA_LEAD', 'SEND_LEAD'])) return 'results';
  return areasOf(session, school)[0];
}
