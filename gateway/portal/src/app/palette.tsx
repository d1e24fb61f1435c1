// The command palette: everything that can be reached or recorded, by typing a few letters of it.
import { Modal, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { idOf } from '../api/names';
import type { SchoolRef } from '../api/session';
import { today } from '../model/dates';
import { areasOf, mayReadFigures, mayRecord, mayWriteVisits, schoolsOf } from '../model/roles';
import { SearchIcon } from '../ui/icons';
import { useAuth, useSession } from './auth';
import { pathOf } from './places';
import { dayKey, type LeaderDay } from './queries';

interface Command {
  id: string;
  label: string;
  hint: string;
  run: () => void;
}

const MOST_SHOWN = 12;

export function Palette({ onClose, school }: { onClose: () => void; school: SchoolRef | undefined }) {
  const session = useSession();
  const { signOut } = useAuth();
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const list = useRef<HTMLUListElement>(null);

  const commands = useMemo<Command[]>(() => {
    const go = (path: string) => () => navigate(path);
    const all: Command[] = [];
    const areas = areasOf(session, school?.name);
    const titles = {
      day: 'My day',
      visits: 'Visits',
      school: 'School page',
      mine: 'My lessons',
      trust: 'Trust page',
      concerns: 'Concerns and threads',
      results: 'Results',
      learning: 'Professional learning',
      wellbeing: 'Wellbeing',
      model: 'Improvement model',
    };
    for (const area of areas) all.push({ id: area, label: titles[area], hint: 'Go to', run: go(pathOf(area, school?.name)) });
    if (school && mayRecord(session, school.name)) {
      const day = queries.getQueryData<LeaderDay>(dayKey(school.name, today()));
      const path = pathOf('day', school.name);
      for (const entry of day?.classes ?? []) {
        all.push({
          id: entry.schoolClass,
          label: `Log a drop-in: ${entry.displayName}`,
          hint: school.displayName,
          run: go(`${path}?log=${idOf(entry.schoolClass)}`),
        });
      }
      all.push({ id: 'lesson', label: 'Record a modelled lesson', hint: school.displayName, run: go(`${path}?lesson=new`) });
    }
    if (mayWriteVisits(session)) all.push({ id: 'visit', label: 'Plan or record a visit', hint: 'Visits', run: go('/visits?visit=new') });
    for (const other of schoolsOf(session)) {
      if (mayRecord(session, other.name)) {
        all.push({ id: `${other.name} day`, label: `My day at ${other.displayName}`, hint: 'Go to', run: go(pathOf('day', other.name)) });
      }
      if (mayReadFigures(session, other.name))
        all.push({ id: other.name, label: other.displayName, hint: 'School page', run: go(pathOf('school', other.name)) });
    }
    all.push({ id: 'waiting', label: 'Records that wait on this device', hint: 'Go to', run: go('/waiting') });
    all.push({ id: 'out', label: 'Sign out', hint: session.displayName, run: () => void signOut() });
    return all;
  }, [session, school, queries, navigate, signOut]);

  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = commands
    .filter(({ label, hint }) => words.every((word) => `${label} ${hint}`.toLowerCase().includes(word)))
    .slice(0, MOST_SHOWN);
  const chosen = Math.min(active, found.length - 1);
  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };

  return (
    <Modal.Root opened onClose={onClose} size="lg" yOffset="8vh" transitionProps={{ duration: 100 }}>
      <Modal.Overlay />
      <Modal.Content>
        <div className="sheet-header">
          <Modal.Title className="sheet-title">Go to, or record</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </div>
        <Modal.Body>
          <TextInput
            data-autofocus
            leftSection={<SearchIcon size={20} />}
            placeholder="A school, a class, a page"
            value={text}
            aria-label="Search"
            role="combobox"
            aria-expanded="true"
            aria-controls="palette-list"
            aria-activedescendant={found[chosen] ? `palette-${chosen}` : undefined}
            onChange={(event) => {
              setText(event.currentTarget.value);
              setActive(0);
            }}
            onKeyDown={(event) => {
              if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
                event.preventDefault();
                const next = (chosen + (event.key === 'ArrowDown' ? 1 : -1) + found.length) % Math.max(found.length, 1);
                setActive(next);
                list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
              }
              if (event.key === 'Enter') {
                event.preventDefault();
                run(found[chosen]);
              }
            }}
          />
          <ul className="palette" role="listbox" id="palette-list" aria-label="Results" ref={list}>
            {found.map((command, index) => (
              <li
                key={command.id}
                id={`palette-${index}`}
                role="option"
                aria-selected={index === chosen}
                onPointerMove={() => setActive(index)}
                onClick={() => run(command)}
              >
                <span>{command.label}</span> <span className="palette-hint">{command.hint}</span>
              </li>
            ))}
          </ul>
          {found.length === 0 && <p role="status">Nothing with these letters.</p>}
          <p className="palette-keys">
            Arrow keys to choose, Enter to go, Esc to close. <kbd>Ctrl</kbd> <kbd>K</kbd> opens this anywhere.
          </p>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
