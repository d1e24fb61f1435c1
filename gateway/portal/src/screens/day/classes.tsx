// The classes of the school, least lately seen first. A tap begins a drop-in.
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { nameIn, usePeople, useSubjects } from '../../app/queries';
import type { ClassLastSeen } from '../../gen/fivestrand/leadership/v1/visibility_service_pb';
import { YearGroup } from '../../gen/fivestrand/type/v1/school_pb';
import { dayOf, sayAgo, type Day } from '../../model/dates';
import { sayYearGroup } from '../../model/words';
import { SearchIcon } from '../../ui/icons';
import { Empty } from '../../ui/parts';

type Seen = ClassLastSeen & { seenAt?: Date };

const SHOWN_AT_FIRST = 6;
const SEARCH_FROM = 9;

export function ClassList({ classes, now, onPick }: { classes: Seen[]; now: Day; onPick: (name: string) => void }) {
  const people = usePeople();
  const subjects = useSubjects();
  const [all, setAll] = useState(false);
  const [text, setText] = useState('');
  const about = (entry: Seen) => {
    const teacher = entry.teachers
      .map((name) => nameIn(people, name))
      .slice(0, 2)
      .join(', ');
    const subject = entry.subjects.length === 1 ? nameIn(subjects, entry.subjects[0] as string) : '';
    // `5 Maple` and `R Beech` say their year themselves.
    const code = entry.yearGroup === YearGroup.YEAR_GROUP_R ? 'R' : sayYearGroup(entry.yearGroup).replace('Year ', '');
    const year = entry.displayName.startsWith(code) ? '' : sayYearGroup(entry.yearGroup);
    return [subject, year, teacher].filter(Boolean).join(' · ');
  };
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = classes.filter((entry) => {
    const hay = `${entry.displayName} ${sayYearGroup(entry.yearGroup)} ${about(entry)}`.toLowerCase();
    return words.every((word) => hay.includes(word));
  });
  const shown = all || words.length > 0 ? found : found.slice(0, SHOWN_AT_FIRST);

  return (
    <section aria-labelledby="drop-in" className="classes">
      <h2 id="drop-in" tabIndex={-1} className="section-title">
        Log a drop-in
      </h2>
      <p className="section-hint">Tap the class you are in. Longest unseen first.</p>
      {all && classes.length >= SEARCH_FROM && (
        <TextInput
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          placeholder="Class, year or teacher"
          aria-label="Find a class"
          leftSection={<SearchIcon size={18} />}
          mb="xs"
        />
      )}
      {classes.length === 0 && <Empty title="No classes yet">An administrator adds the classes of the academic year.</Empty>}
      {classes.length > 0 && found.length === 0 && <Empty title="No class like that" />}
      <ul className="class-list">
        {shown.map((entry) => (
          <li key={entry.schoolClass}>
            <button type="button" className="class-button" onClick={() => onPick(entry.schoolClass)}>
              <span className="class-name">{entry.displayName}</span>
              <span className="class-about">{about(entry)}</span>
              <span className="class-seen" data-never={!entry.seenAt || undefined}>
                {entry.seenAt ? `seen ${sayAgo(dayOf(entry.seenAt), now)}` : 'not seen this year'}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {found.length > shown.length && (
        <button type="button" className="text-button" onClick={() => setAll(true)}>
          All {classes.length} classes
        </button>
      )}
    </section>
  );
}
