// One pupil: where they are, which groups hold, and every result by subject and window with its history.
import { useState } from 'react';
import { Link } from 'wouter';
import { idOf } from '../../api/names';
import { useSession } from '../../app/auth';
import { nameIn, usePeople, useSubjects } from '../../app/queries';
import { GroupMembership_Group } from '../../gen/fivestrand/assessment/v1/pupils_pb';
import type { Result } from '../../gen/fivestrand/assessment/v1/results_pb';
import { fromProtoDate, sayDay, sayWhen, toInstant, today } from '../../model/dates';
import { sayYearGroup } from '../../model/words';
import { Empty, Loading, PageHead, ProblemNote } from '../../ui/parts';
import { Sheet } from '../../ui/sheet';
import { sayAuthor } from './labels';
import { usePupil, usePupilResults, useWindows } from './queries';

const GROUP_WORDS: Record<GroupMembership_Group, string> = {
  [GroupMembership_Group.GROUP_UNSPECIFIED]: '',
  [GroupMembership_Group.DISADVANTAGED]: 'Disadvantaged',
  [GroupMembership_Group.FREE_SCHOOL_MEALS]: 'Free school meals',
  [GroupMembership_Group.LOOKED_AFTER]: 'Looked after',
  [GroupMembership_Group.PREVIOUSLY_LOOKED_AFTER]: 'Previously looked after',
  [GroupMembership_Group.SEN_SUPPORT]: 'SEN support',
  [GroupMembership_Group.EHCP]: 'EHCP',
  [GroupMembership_Group.ENGLISH_AS_AN_ADDITIONAL_LANGUAGE]: 'English as an additional language',
  [GroupMembership_Group.MOST_ABLE]: 'Most able',
  [GroupMembership_Group.SERVICE_CHILD]: 'Service child',
  [GroupMembership_Group.YOUNG_CARER]: 'Young carer',
  [GroupMembership_Group.ETHNICITY]: 'Ethnicity',
  [GroupMembership_Group.MOBILE]: 'Joined after the usual point',
};

export default function PupilScreen({ name }: { name: string }) {
  const session = useSession();
  const overview = usePupil(name);
  const results = usePupilResults(name);
  const pupil = overview.data?.pupil;
  const groups = overview.data?.groupMemberships ?? [];
  const now = today();
  return (
    <>
      <p className="no-print">
        <Link href="/results/pupils">All pupils</Link>
      </p>
      {overview.isPending && <Loading lines={6} />}
      {overview.isError && <ProblemNote error={overview.error} onRetry={() => void overview.refetch()} title="The pupil" />}
      {pupil && (
        <>
          <PageHead title={`${pupil.givenName} ${pupil.familyName}`}>
            {[
              session.schools.find((school) => school.name === pupil.school)?.displayName,
              sayYearGroup(pupil.yearGroup),
              pupil.onRoll ? '' : 'has left',
              pupil.upn && `UPN ${pupil.upn}`,
            ]
              .filter(Boolean)
              .join(' · ')}
          </PageHead>
          {groups.length > 0 && (
            <section aria-labelledby="groups-title">
              <h2 id="groups-title" className="section-title">
                Groups
              </h2>
              <ul className="group-list">
                {groups.map((membership) => {
                  const from = fromProtoDate(membership.startDate);
                  const to = fromProtoDate(membership.endDate);
                  return (
                    <li key={membership.name} data-past={(to && to < now) || undefined}>
                      <strong>{GROUP_WORDS[membership.group]}</strong>
                      {membership.detail && ` (${membership.detail})`}{' '}
                      <small>
                        since {from && sayDay(from)}
                        {to && ` to ${sayDay(to)}`}
                      </small>
                    </li>
                  );
                })}
              </ul>
            </section>
          )}
          {overview.data && !overview.data.allGroups && <p className="as-of">Only the groups that those who teach this pupil need to know are shown.</p>}
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
            <ul className="group-list">
              {overview.data?.enrolments.map((enrolment) => {
                const from = fromProtoDate(enrolment.startDate);
                const to = fromProtoDate(enrolment.endDate);
                return (
                  <li key={enrolment.name}>
                    {session.schools.find((school) => school.name === enrolment.school)?.displayName ?? idOf(enrolment.school)}, {sayYearGroup(enrolment.yearGroup)}{' '}
                    <small>
                      from {from && sayDay(from)}
                      {to && ` to ${sayDay(to)}`}
                    </small>
                  </li>
                );
              })}
            </ul>
          </section>
        </>
      )}
    </>
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
  const windowName = (name: string) => windows.find((window) => window.name === name)?.displayName ?? idOf(name);
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
      <thead>
        <tr>
          <th scope="col">Result</th>
          <th scope="col">By</th>
          <th scope="col">When</th>
        </tr>
      </thead>
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
