// People by post, in the order in which one looks for them.
import type { DemoPerson } from '../api/session';

// Kinds of post of the contract.
const GROUPS: { title: string; kinds: string[] }[] = [
  { title: 'Headteachers', kinds: ['HEADTEACHER'] },
  { title: 'Executive headteachers', kinds: ['EXECUTIVE_HEADTEACHER'] },
  { title: 'Chief executive', kinds: ['CEO'] },
  { title: 'Senior leaders', kinds: ['SENIOR_LEADER'] },
  { title: 'Directors', kinds: ['DIRECTOR'] },
  { title: 'Trust team', kinds: ['TRUST_OFFICER'] },
  { title: 'Middle leaders', kinds: ['MIDDLE_LEADER'] },
  { title: 'SENDCos', kinds: ['SENDCO'] },
  { title: 'Teachers', kinds: ['TEACHER'] },
  { title: 'Support staff', kinds: ['SUPPORT_STAFF'] },
];
const OTHERS = 'Others';

export function groupByPost(people: DemoPerson[]): { title: string; people: DemoPerson[] }[] {
  const groups = new Map<string, DemoPerson[]>();
  for (const person of people) {
    const title = GROUPS.find(({ kinds }) => kinds.includes(person.postKind))?.title ?? OTHERS;
    groups.set(title, [...(groups.get(title) ?? []), person]);
  }
  return [...GROUPS.map(({ title }) => title), OTHERS]
    .filter((title) => groups.has(title))
    .map((title) => ({
      title,
      people: (groups.get(title) ?? []).sort(
        (a, b) => a.schoolDisplayName.localeCompare(b.schoolDisplayName) || a.displayName.localeCompare(b.displayName),
      ),
    }));
}
