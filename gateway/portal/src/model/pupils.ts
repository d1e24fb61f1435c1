// Looking for a pupil's other record, and what joining the two means.
import type { MergePupilsResponse } from '../gen/fivestrand/assessment/v1/pupil_service_pb';
import type { Pupil } from '../gen/fivestrand/assessment/v1/pupils_pb';
import { fromProtoDate } from './dates';

// Empty while there is too little to look for.
export function filterFor(field: 'family_name' | 'upn', text: string): string {
  const wanted = field === 'upn' ? text.replace(/\s/g, '').toUpperCase() : text.trim();
  if (wanted.length < (field === 'upn' ? 13 : 1)) return '';
  return `${field} = ${JSON.stringify(wanted)}`;
}

// The same given name or date of birth before others; otherwise in the order given.
export function likeliestFirst(found: Pupil[], pupil: Pupil): Pupil[] {
  const likeness = (other: Pupil) =>
    (other.givenName.toLowerCase() === pupil.givenName.toLowerCase() ? 2 : 0) +
    (pupil.birthDate && fromProtoDate(other.birthDate) === fromProtoDate(pupil.birthDate) ? 2 : 0) +
    (other.yearGroup === pupil.yearGroup ? 1 : 0);
  return [...found].sort((a, b) => likeness(b) - likeness(a));
}

const count = (number: number, one: string, many: string) => (number === 0 ? '' : number === 1 ? `1 ${one}` : `${number} ${many}`);

// Results and dated facts that come over, and those that do not.
export function sayMerge(answer: Pick<MergePupilsResponse, 'movedResults' | 'movedMemberships' | 'droppedMemberships' | 'conflicts'>): string {
  const moved = [count(answer.movedResults, 'result', 'results'), count(answer.movedMemberships, 'enrolment, class or group', 'enrolments, classes and groups')].filter(Boolean);
  const left = [
    count(answer.droppedMemberships, 'that both say is kept once', 'that both say are kept once'),
    count(answer.conflicts.length, 'result differs', 'results differ'),
  ].filter(Boolean);
  const sentence = moved.length === 0 ? 'Nothing comes over' : `Comes over: ${moved.join('; ')}`;
  return `${[sentence, ...left].join('. ')}.`;
}
