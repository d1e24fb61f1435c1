// People by post, in the order in which one looks for them.
import type { DemoPerson } from '../api/session';

const GROUPS: { title: string; test: RegExp }[] = [
  { title: 'Executive headteachers', test: /^executive head/i },
  { title: 'Chief executive', test: /chief executive|^ceo\b/i },
  { title: 'Headteachers', test: /^(interim |acting |co-)?head ?teacher|^principal|^head of school/i },
  { title: 'Senior leaders', test: /deputy|assistant head|senior leader|vice principal/i },
  { title: 'Directors', test: /director of the trust|^director\b|trustee|chair/i },
  { title: 'Trust team', test: /director|lead of the trust|trust |officer|administrator/i },
  { title: 'Middle leaders', test: /lead|head of|coordinator|co-ordinator/i },
  { title: 'SENDCos', test: /sendco|senco/i },
  { title: 'Teachers', test: /teacher/i },
];
const OTHERS = 'Others';
const ORDER = ['Headteachers', 'Executive headteachers', 'Chief executive', 'Senior leaders', 'Directors', 'Trust team', 'Middle leaders', 'SENDCos', 'Teachers', OTHERS];

export function groupByPost(people: DemoPerson[]): { title: string; people: DemoPerson[] }[] {
  const groups = new Map<string, DemoPerson[]>();
  for (const person of people) {
    const title = GROUPS.find(({ test }) => test.test(person.postTitle))?.title ?? OTHERS;
    groups.set(title, [...(groups.get(title) ?? []), person]);
  }
  return ORDER.filter((title) => groups.has(title)).map((title) => ({
    title,
    people: (groups.get(title) ?? []).sort(
      (a, b) => a.schoolDisplayName.localeCompare(b.schoolDisplayName) || a.displayName.localeCompare(b.displayName),
    ),
  }));
}
