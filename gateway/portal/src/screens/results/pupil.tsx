// One pupil: where they are, which groups hold, and every result by subject and window with its history.
import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { Link } from 'wouter';
import { idOf } from '../../api/names';
import { useSession } from '../../app/auth';
import { useParam } from '../../app/hooks';
import { nameIn, useClasses, usePeople, useSubjects } from '../../app/queries';
import type { ClassMembership } from '../../gen/fivestrand/assessment/v1/pupils_pb';
import type { Result } from '../../gen/fivestrand/assessment/v1/results_pb';
import type { Date as ProtoDate } from '../../gen/google/type/date_pb';
import { fromProtoDate, sayDay, sayWhen, toInstant } from '../../model/dates';
import { mayKeepPupils, nameOfSchool } from '../../model/roles';
import { sayYearGroup } from '../../model/words';
import { Empty, Loading, PageHead, ProblemNote, TableHead } from '../../ui/parts';
import { Sheet } from '../../ui/sheet';
import { sayAuthor } from './labels';
import { usePupil, usePupilResults, useWindows } from './queries';

const MergePupil = lazy(() => import('./merge').then((module) => ({ default: module.MergePupil })));
const PupilGroups = lazy(() => import('./pupil-groups').then((module) => ({ default: module.PupilGroups })));

export default function PupilScreen({ name }: { name: string }) {
  const session = useSession();
  const overview = usePupil(name);
  const results = usePupilResults(name);
  const pupil = overview.data?.pupil;
  const merging = useParam('merge');
  return (
    <>
      <p className="no-print">
        <Link href="/results/pupils">All pupils</Link>
      </p>
      {overview.isPending && <Loading lines={6} />}
      {overview.isError && <ProblemNote error={overview.error} onRetry={() => void overview.refetch()} title="The pupil" />}
      {pupil && overview.data && (
        <>
          <PageHead title={`${pupil.givenName} ${pupil.familyName}`}>
            {[
              pupil.school && nameOfSchool(session, pupil.school),
              sayYearGroup(pupil.yearGroup),
              pupil.onRoll ? '' : 'has left',
              pupil.upn && `UPN ${pupil.upn}`,
            ]
              .filter(Boolean)
              .join(' · ')}
          </PageHead>
          <Suspense fallback={null}>
            <PupilGroups pupil={name} school={pupil.school} memberships={overview.data.groupMemberships} all={overview.data.allGroups} />
          </Suspense>
          <section aria-labelledby="results-title">
            <h2 id="results-title" className="section-title">
              Results
            </h2>
            {results.isPending && <Loading lines={4} />}
            {results.isError && <ProblemNote error={results.error} onRetry={() => void results.refetch()} title="Results" />}
            {results.data?.length === 0 && <Empty title="No results yet" />}
            {results.data && results.data.length > 0 && <ResultMatrix results={results.data} />}
          </section>
          <section aria-labelledby="roll-title">
            <h2 id="roll-title" className="section-title">
              On roll
            </h2>
            <table className="numbers">
              <caption className="sr-only">Schools and year groups, newest first</caption>
              <TableHead left={['School', 'Year', 'From', 'To']} />
              <tbody>
                {overview.data.enrolments.map((enrolment) => (
                  <tr key={enrolment.name}>
                    <th scope="row">{nameOfSchool(session, enrolment.school)}</th>
                    <td>{sayYearGroup(enrolment.yearGroup)}</td>
                    <Dates of={enrolment} />
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
          <Classes memberships={overview.data.classMemberships} />
          {mayKeepPupils(session) && (
            <div className="setup-actions no-print">
              <Button variant="default" onClick={() => merging.open('find')}>
                This pupil has another record
              </Button>
            </div>
          )}
          <Sheet opened={merging.value !== undefined && mayKeepPupils(session)} onClose={merging.close} title={`Two records of ${pupil.givenName} ${pupil.familyName}`} wide>
            <Suspense fallback={<Loading lines={4} />}>
              <MergePupil overview={overview.data} onDone={merging.close} />
            </Suspense>
          </Sheet>
        </>
      )}
    </>
  );
}

function Dates({ of }: { of: { startDate?: ProtoDate; endDate?: ProtoDate } }) {
  const from = fromProtoDate(of.startDate);
  const to = fromProtoDate(of.endDate);
  return (
    <>
      <td>{from && sayDay(from)}</td>
      <td>{to ? sayDay(to) : 'now'}</td>
    </>
  );
}

// By school; each list as the service has it, newest first.
function Classes({ memberships }: { memberships: ClassMembership[] }) {
  const session = useSession();
  const schools = [...new Set(memberships.map(({ school }) => school))];
  if (memberships.length === 0) return null;
  return (
    <section aria-labelledby="classes-title">
      <h2 id="classes-title" className="section-title">
        Classes
      </h2>
      {schools.map((school) => (
        <ClassTable
          key={school}
          school={school}
          title={nameOfSchool(session, school)}
          memberships={memberships.filter((each) => each.school === school)}
        />
      ))}
    </section>
  );
}

function ClassTable({ school, title, memberships }: { school: string; title: string; memberships: ClassMembership[] }) {
  const classes = useClasses(school);
  return (
    <table className="numbers">
      <caption>{title}</caption>
      <TableHead left={['Class', 'From', 'To']} />
      <tbody>
        {memberships.map((membership) => (
          <tr key={membership.name}>
            <th scope="row">{nameIn(classes, membership.schoolClass)}</th>
            <Dates of={membership} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ResultMatrix({ results }: { results: Result[] }) {
  const subjects = useSubjects();
  const { windows } = useWindows();
  const [open, setOpen] = useState<Result | undefined>();
  const order = new Map([...windows].reverse().map(({ name }, index) => [name, index]));
  const used = [...new Set(results.map(({ window }) => window))].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  const rows = [...new Set(results.map(({ subject }) => subject))].sort((a, b) => nameIn(subjects, a).localeCompare(nameIn(subjects, b)));
  const at = new Map(results.map((result) => [`${result.subject} ${result.window}`, result]));
  const windowName = (name: string) => {
    const window = windows.find((each) => each.name === name);
    return window ? `${window.displayName} ${window.academicYear.slice(2).replace('-', '/')}` : idOf(name);
  };
  return (
    <>
      <div className="grid-scroll" tabIndex={0} role="region" aria-label="Results by subject and window">
        <table className="heat answer">
          <thead>
            <tr>
              <th scope="col" className="heat-corner">
                Subject
              </th>
              {used.map((window) => (
                <th scope="col" key={window}>
                  <span>{windowName(window)}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((subject) => (
              <tr key={subject}>
                <th scope="row">{nameIn(subjects, subject)}</th>
                {used.map((window) => {
                  const result = at.get(`${subject} ${window}`);
                  return (
                    <td key={window} className="heat-cell" data-level={result?.atHigherStandard ? 3 : result?.atStandard ? 2 : 0}>
                      {result && (
                        <button
                          type="button"
                          className="cell-open"
                          aria-label={`${nameIn(subjects, subject)}, ${windowName(window)}: ${result.cell?.outcome ?? ''}${result.atStandard ? ', at the standard' : ''}. Show its history`}
                          onClick={() => setOpen(result)}
                        >
                          {result.cell?.outcome}
                        </button>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="as-of">Shaded: at the expected standard, and darker at the higher one.</p>
      <Sheet opened={open !== undefined} onClose={() => setOpen(undefined)} title={open ? `${nameIn(subjects, open.subject)}, ${windowName(open.window)}` : ''}>
        {open && <History result={open} />}
      </Sheet>
    </>
  );
}

function History({ result }: { result: Result }) {
  const people = usePeople();
  const states = [
    ...(result.cell ? [{ outcome: result.cell.outcome, author: result.cell.author, updateTime: result.cell.updateTime }] : []),
    ...result.history,
  ];
  return (
    <table className="numbers">
      <caption>Newest first. Nothing is overwritten.</caption>
      <TableHead left={['Result', 'By', 'When']} />
      <tbody>
        {states.map((state, index) => {
          const at = toInstant(state.updateTime);
          return (
            <tr key={index}>
              <th scope="row">{state.outcome || 'taken away'}</th>
              <td>{state.author && sayAuthor(people, state.author)}</td>
              <td>{at && sayWhen(at)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
