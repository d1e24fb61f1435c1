// The groups that pupils belong to, and who writes which.
import type { Session } from '../api/session';
import { GroupMembership_Group as Group, type GroupMembership } from '../gen/fivestrand/assessment/v1/pupils_pb';
import { fromProtoDate, type Day } from './dates';
import { mayKeepPupils, mayWriteNeeds } from './roles';

export const GROUP_WORDS: Record<Group, string> = {
  [Group.GROUP_UNSPECIFIED]: '',
  [Group.DISADVANTAGED]: 'Disadvantaged',
  [Group.FREE_SCHOOL_MEALS]: 'Free school meals',
  [Group.LOOKED_AFTER]: 'Looked after',
  [Group.PREVIOUSLY_LOOKED_AFTER]: 'Previously looked after',
  [Group.SEN_SUPPORT]: 'SEN support',
  [Group.EHCP]: 'EHCP',
  [Group.ENGLISH_AS_AN_ADDITIONAL_LANGUAGE]: 'English as an additional language',
  [Group.MOST_ABLE]: 'Most able',
  [Group.SERVICE_CHILD]: 'Service child',
  [Group.YOUNG_CARER]: 'Young carer',
  [Group.ETHNICITY]: 'Ethnicity',
  [Group.MOBILE]: 'Joined after the usual point',
};

export const NEED_WORDS: Record<string, string> = {
  SPLD: 'Specific learning difficulty',
  MLD: 'Moderate learning difficulty',
  SLD: 'Severe learning difficulty',
  PMLD: 'Profound and multiple learning difficulty',
  SEMH: 'Social, emotional and mental health',
  SLCN: 'Speech, language and communication',
  HI: 'Hearing impairment',
  VI: 'Vision impairment',
  MSI: 'Multi-sensory impairment',
  PD: 'Physical disability',
  ASD: 'Autistic spectrum disorder',
  OTH: 'Other',
  NSA: 'Not yet assessed',
};

const NEEDS = [Group.SEN_SUPPORT, Group.EHCP];

export function isNeed(group: Group): boolean {
  return NEEDS.includes(group);
}

// The groups that this person may add a pupil of the school to: the data lead all, who leads on special needs those.
export function writableGroups(session: Session, school: string): Group[] {
  if (mayKeepPupils(session)) return Object.keys(GROUP_WORDS).map(Number).filter((group) => group > 0);
  return mayWriteNeeds(session, school) ? [...NEEDS] : [];
}

export function holdsOn(membership: GroupMembership, day: Day): boolean {
  const from = fromProtoDate(membership.startDate);
  const to = fromProtoDate(membership.endDate);
  return (!from || from <= day) && (!to || to >= day);
}

export function sayDetail(membership: Pick<GroupMembership, 'group' | 'detail'>): string {
  if (!membership.detail) return '';
  return isNeed(membership.group) ? (NEED_WORDS[membership.detail] ?? membership.detail) : membership.detail;
}

// What stands against adding it; empty when nothing does.
export function faultOf(group: Group, detail: string, start: Day, end: Day, others: GroupMembership[]): string {
  if (!start) return 'Choose the first day';
  if (end && end < start) return 'The last day must not be before the first';
  if (group === Group.ETHNICITY && !/^[A-Z]{2,5}$/.test(detail)) return 'Give the code of the ethnicity, such as WBRI';
  const clash = others.some((other) => {
    const from = fromProtoDate(other.startDate) ?? '0000';
    const to = fromProtoDate(other.endDate) ?? '9999';
    return other.group === group && other.detail === detail && from <= (end || '9999') && start <= to;
  });
  return clash ? 'It holds at that time already' : '';
}
