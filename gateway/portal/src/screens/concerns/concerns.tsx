// Concerns and improvement threads: what waits on me first, then what is new, what is being answered, and what has ended.
import { Button, NativeSelect } from '@mantine/core';
import { Link, useLocation, useSearch } from 'wouter';
import { idOf, schoolName } from '../../api/names';
import { useSession } from '../../app/auth';
import { useParam } from '../../app/hooks';
import { useConcerns, useThreads } from '../../app/improvement-queries';
import { nameIn, usePeople } from '../../app/queries';
import { Concern_State, ImprovementThread_State, type Concern, type ImprovementThread } from '../../gen/fivestrand/leadership/v1/improvement_pb';
import { dayOf, sayAgo, toInstant } from '../../model/dates';
import { isOpen, sortConcerns } from '../../model/concerns';
import { mayAnswerConcerns, schoolsOf } from '../../model/roles';
import { CONCERN_WORDS, OUTCOME_WORDS, RULE_WORDS, THREAD_WORDS } from '../../model/words';
import { ChevronIcon, ConcernIcon, PlusIcon } from '../../ui/icons';
import { Empty, Loading, PageHead, ProblemNote } from '../../ui/parts';
import { ListRow } from '../../ui/list-row';
import { ConcernSheet } from './concern';
import { RaiseSheet } from './raise';
import './concerns.css';

const MOST_ENDED = 30;

export default function ConcernsScreen() {
  const session = useSession();
  const params = new URLSearchParams(useSearch());
  const [, navigate] = useLocation();
  const sheet = useParam('concern');
  const raising = useParam('raise');
  const concerns = useConcerns();
  const threads = useThreads();
  const schools = schoolsOf(session);
  const schoolId = params.get('school') ?? '';
  const element = params.get('element') ?? '';

  const at = schoolId && schoolName(session.trust, schoolId);
  const all = (concerns.data ?? []).filter((one) => (!at || one.school === at) && (!element || one.element === element));
  const open = sortConcerns(all.filter(isOpen));
  const mine = open.filter(({ accountable, state }) => accountable === session.person && state !== Concern_State.IN_THREAD);
  const others = open.filter((one) => one.state !== Concern_State.IN_THREAD && !mine.includes(one));
  const ended = all.filter((one) => !isOpen(one));
  const ofSchool = (threads.data ?? []).filter(({ school }) => !at || school === at);
  const running = ofSchool.filter(({ state }) => state !== ImprovementThread_State.CLOSED);
  const closed = ofSchool.filter(({ state }) => state === ImprovementThread_State.CLOSED);

  const filterBy = (school: string) => {
    const next = new URLSearchParams(params);
    if (school) next.set('school', school);
    else next.delete('school');
    navigate(`/concerns${next.size > 0 ? `?${next}` : ''}`, { replace: true });
  };
  return (
    <>
      <PageHead
        title="Concerns"
        actions={
          mayAnswerConcerns(session) && (
            <Button leftSection={<PlusIcon size={20} />} onClick={() => raising.open('new')}>
              Raise one
            </Button>
          )
        }
      >
        Signals from the measures, who answers for them, and what came of it.
      </PageHead>
      <div className="board-filters no-print">
        {schools.length > 1 && (
          <NativeSelect
            label="School"
            value={schoolId}
            data={[
              { value: '', label: 'All of mine' },
              ...schools.map(({ name, displayName }) => ({ value: idOf(name), label: displayName })),
            ]}
            onChange={(event) => filterBy(event.currentTarget.value)}
          />
        )}
        {element && (
          <p>
            Only the element “{element.replaceAll('-', ' ')}”. <Link href={at ? `/concerns?school=${schoolId}` : '/concerns'}>Show all</Link>
          </p>
        )}
      </div>
      {concerns.isPending && <Loading lines={6} />}
      {concerns.isError && <ProblemNote error={concerns.error} onRetry={() => void concerns.refetch()} title="Concerns" />}
      {concerns.data && (
        <div className="side-by-side">
          <div>
            {mine.length > 0 && <ConcernList title="Waiting on me" concerns={mine} onOpen={sheet.open} />}
            <ConcernList title={mine.length > 0 ? 'Waiting on others' : 'Open'} concerns={others} onOpen={sheet.open} empty />
          </div>
          <div>
            <ThreadList title="Being answered" threads={running} failed={threads.isError} />
            {closed.length > 0 && <ThreadList title="Closed" threads={closed} />}
            {ended.length > 0 && (
              <details className="ended">
                <summary>
                  <h2 className="section-title">Ended ({ended.length})</h2>
                </summary>
                <ConcernRows concerns={ended.slice(0, MOST_ENDED)} onOpen={sheet.open} />
                {ended.length > MOST_ENDED && <small>The newest {MOST_ENDED} are shown.</small>}
              </details>
            )}
          </div>
        </div>
      )}
      <ConcernSheet name={sheet.value ? `${session.trust}/concerns/${sheet.value}` : undefined} open={open} onClose={sheet.close} />
      <RaiseSheet opened={raising.value !== undefined} school={at || undefined} onClose={raising.close} />
    </>
  );
}

function ConcernList(props: { title: string; concerns: Concern[]; onOpen: (id: string) => void; empty?: boolean }) {
  return (
    <section aria-label={props.title}>
      <h2 className="section-title">{props.title}</h2>
      {props.empty && props.concerns.length === 0 && (
        <Empty title="Nothing is open">A measure that leaves its band, a gap that widens or a missed commitment would stand here.</Empty>
      )}
      <ConcernRows concerns={props.concerns} onOpen={props.onOpen} />
    </section>
  );
}

function ConcernRows({ concerns, onOpen }: { concerns: Concern[]; onOpen: (id: string) => void }) {
  return (
    <ul className="record-list">
      {concerns.map((concern) => (
        <ConcernRow key={concern.name} concern={concern} onOpen={onOpen} />
      ))}
    </ul>
  );
}

export function ConcernRow({ concern, onOpen }: { concern: Concern; onOpen: (id: string) => void }) {
  const people = usePeople();
  const session = useSession();
  const raised = toInstant(concern.raiseTime);
  return (
    <li className="record">
      <button type="button" className="record-open" onClick={() => onOpen(idOf(concern.name))}>
        <ConcernIcon size={20} />
        <span className="record-what">
          <strong>{concern.headline || RULE_WORDS[concern.rule]}</strong>
          <small>
            {[
              session.schools.find(({ name }) => name === concern.school)?.displayName ?? 'Trust',
              CONCERN_WORDS[concern.state],
              concern.accountable && nameIn(people, concern.accountable),
              raised && sayAgo(dayOf(raised)),
            ]
              .filter(Boolean)
              .join(' · ')}
          </small>
        </span>
        <ChevronIcon size={18} className="record-chevron" />
      </button>
    </li>
  );
}

function ThreadList({ title, threads, failed }: { title: string; threads: ImprovementThread[]; failed?: boolean }) {
  const people = usePeople();
  const session = useSession();
  return (
    <section aria-label={title}>
      <h2 className="section-title">{title}</h2>
      {threads.length === 0 && (
        <Empty title={failed ? 'Threads could not be read' : 'No thread'}>A concern is answered by opening a thread on it.</Empty>
      )}
      <ul className="record-list">
        {threads.map((thread) => (
          <ListRow key={thread.name} title={thread.title} href={`/concerns/threads/${idOf(thread.name)}`}>
            {[
              session.schools.find(({ name }) => name === thread.school)?.displayName ?? 'Trust',
              thread.state === ImprovementThread_State.CLOSED ? OUTCOME_WORDS[thread.outcome] : THREAD_WORDS[thread.state],
              thread.lead && nameIn(people, thread.lead),
            ]
              .filter(Boolean)
              .join(' · ')}
          </ListRow>
        ))}
      </ul>
    </section>
  );
}
