// How fast signals are answered and answers show, and who waits for whom. Times are school days; open ones count as at least their age.
import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import { idOf } from '../../api/names';
import { useSession } from '../../app/auth';
import { usePace } from '../../app/improvement-queries';
import { nameIn, usePeople } from '../../app/queries';
import type { PaceRow, PaceTime, Waiting } from '../../gen/fivestrand/leadership/v1/improvement_service_pb';
import { fromProtoDate, sayDay } from '../../model/dates';
import { Empty, Loading, ProblemNote, TableHead } from '../../ui/parts';
import './concerns.css';

const BY: Record<string, string> = { '': 'All', school: 'By school', strand: 'By strand', element: 'By element', rule: 'By what raised it' };

export function PaceSection({ parent }: { parent: string }) {
  const query = usePace(parent);
  const [by, setBy] = useState('');
  const rows = (query.data?.rows ?? []).filter((row) => row.by === by || row.by === '');
  return (
    <section aria-labelledby="pace-title" className="pace">
      <h2 id="pace-title" className="section-title">
        Pace
      </h2>
      {query.isPending && <Loading lines={3} />}
      {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="Pace" />}
      {query.data && (
        <>
          <NativeSelect
            className="no-print"
            label="Show"
            value={by}
            data={Object.entries(BY).map(([value, label]) => ({ value, label }))}
            onChange={(event) => setBy(event.currentTarget.value)}
          />
          <PaceTable rows={rows} />
          <WaitingList waiting={query.data.waiting} />
        </>
      )}
    </section>
  );
}

function PaceTable({ rows }: { rows: PaceRow[] }) {
  const session = useSession();
  const label = (row: PaceRow) => {
    if (!row.by) return 'All';
    return session.schools.find(({ name }) => name === row.key)?.displayName ?? row.key.replaceAll('-', ' ').replaceAll('_', ' ').toLowerCase();
  };
  return (
    <div className="grid-scroll" tabIndex={0} role="region" aria-label="Pace in school days">
      <table className="numbers pace-table">
        <caption>School days: half of them take no longer than this, nine in ten no longer than the figure in brackets.</caption>
        <TableHead left={['Over', 'Signal to concern', 'Concern to first response', 'Response to impact']} />
        <tbody>
          {rows.map((row) => (
            <tr key={row.by + row.key}>
              <th scope="row">{label(row)}</th>
              <Time time={row.signalToRaised} />
              <Time time={row.raisedToResponse} />
              <Time time={row.responseToImpact} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Time({ time }: { time: PaceTime | undefined }) {
  if (!time) return <td>–</td>;
  const day = (value: number) => `${Math.round(value * 10) / 10}`;
  const figure =
    time.median === undefined ? 'too few yet' : `${day(time.median)} days${time.ninetieth === undefined ? '' : ` (${day(time.ninetieth)})`}`;
  return (
    <td>
      {figure}
      <small>
        {Number(time.happened)} done, {Number(time.open)} open
      </small>
    </td>
  );
}

const MOST_WAITING = 12;

export function WaitingList({ waiting }: { waiting: Waiting[] }) {
  const people = usePeople();
  const session = useSession();
  const [all, setAll] = useState(false);
  const shown = all ? waiting : waiting.slice(0, MOST_WAITING);
  return (
    <>
      <h3 className="record-day">Waiting on</h3>
      {waiting.length === 0 && <Empty title="Nothing waits">Every open concern and thread is with nobody but time.</Empty>}
      <ul className="record-list">
        {shown.map((entry) => {
          const since = fromProtoDate(entry.since);
          const isThread = entry.subject.includes('/improvementThreads/');
          return (
            <li className="record" key={entry.subject}>
              <Link
                className="record-open"
                href={isThread ? `/concerns/threads/${idOf(entry.subject)}` : `/concerns?concern=${idOf(entry.subject)}`}
              >
                <span className="record-what">
                  <strong>{entry.person ? nameIn(people, entry.person) : 'The next reading'}</strong> {entry.nextStep.toLowerCase()}
                  <small>
                    {[
                      entry.headline,
                      session.schools.find(({ name }) => name === entry.school)?.displayName,
                      since && `since ${sayDay(since)}, ${entry.schoolDays} school ${entry.schoolDays === 1 ? 'day' : 'days'}`,
                    ]
                      .filter(Boolean)
                      .join(' · ')}
                    {entry.overdue && <span className="overdue"> long enough to be asked about</span>}
                  </small>
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
      {shown.length < waiting.length && (
        <button type="button" className="text-button" onClick={() => setAll(true)}>
          All {waiting.length}
        </button>
      )}
    </>
  );
}
