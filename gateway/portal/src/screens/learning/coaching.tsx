// Coaching: the rooms that one is in, steps that somebody has shared, a way to begin, and for some how much of it there is.
import { create } from '@bufbuild/protobuf';
import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { newRequestId } from '../../api/ids';
import { idOf } from '../../api/names';
import { useSession } from '../../app/auth';
import { useAnsweredThread, useParam } from '../../app/hooks';
import { nameIn, usePeople } from '../../app/queries';
import { useClient } from '../../app/services';
import { CoachingCycle_Cadence, CoachingCycle_State, CoachingCycleSchema, type CoachingCycle } from '../../gen/fivestrand/cpd/v1/coaching_pb';
import { CoachingService } from '../../gen/fivestrand/cpd/v1/coaching_service_pb';
import { addDays, fromProtoDate, sayDay, toProtoDate, today } from '../../model/dates';
import { mayCountCoaching, schoolsOf } from '../../model/roles';
import { useAction } from '../../ui/action';
import { Form } from '../../ui/form';
import { LockIcon, PlusIcon } from '../../ui/icons';
import { Empty, Loading, PageHead, ProblemNote } from '../../ui/parts';
import { PersonPicker } from '../../ui/people-picker';
import { ListRow } from '../../ui/list-row';
import { Sheet } from '../../ui/sheet';
import { WordSelect } from '../../ui/word-select';
import { MEETING_WORDS } from './cycle-form';
import { NeedFields, type Need } from './need';
import { useCycles } from './queries';

export default function CoachingScreen() {
  const session = useSession();
  const query = useCycles();
  const begin = useParam('begin');
  const active = (query.data ?? []).filter(({ state }) => state === CoachingCycle_State.ACTIVE);
  const ended = (query.data ?? []).filter(({ state }) => state !== CoachingCycle_State.ACTIVE);
  return (
    <>
      <PageHead
        title="Coaching"
        actions={
          <Button leftSection={<PlusIcon size={20} />} onClick={() => begin.open('new')}>
            Begin a cycle
          </Button>
        }
      >
        What is said in a room is read by the two in it and by nobody else, whatever their role.
      </PageHead>
      <div className="side-by-side">
        <section aria-labelledby="rooms-title">
          <h2 id="rooms-title" className="section-title">
            My rooms
          </h2>
          {query.isPending && <Loading lines={3} />}
          {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="Coaching" />}
          {query.data && active.length === 0 && <Empty title="No cycle runs">Begin one with whoever coaches you, or whom you coach.</Empty>}
          <Cycles cycles={active} />
          {ended.length > 0 && (
            <>
              <h2 className="section-title">Ended</h2>
              <Cycles cycles={ended} />
            </>
          )}
        </section>
        <div>
          <SharedSteps />
          {mayCountCoaching(session) && <Counts />}
        </div>
      </div>
      <Sheet opened={begin.value !== undefined} onClose={begin.close} title="Begin a coaching cycle">
        {begin.value !== undefined && <Begin />}
      </Sheet>
    </>
  );
}

function Cycles({ cycles }: { cycles: CoachingCycle[] }) {
  const { person } = useSession();
  const people = usePeople();
  return (
    <ul className="record-list">
      {cycles.map((cycle) => {
        const coaches = cycle.coach === person;
        const start = fromProtoDate(cycle.startDate);
        return (
          <ListRow
            key={cycle.name}
            icon={<LockIcon size={20} />}
            title={coaches ? `I coach ${nameIn(people, cycle.coachee)}` : `${nameIn(people, cycle.coach)} coaches me`}
            href={`/learning/coaching/${idOf(cycle.name)}`}
          >
            {[MEETING_WORDS[cycle.cadence], start && `since ${sayDay(start)}`].filter(Boolean).join(' · ')}
          </ListRow>
        );
      })}
    </ul>
  );
}

function Begin() {
  const session = useSession();
  const client = useClient(CoachingService);
  const queries = useQueryClient();
  const people = usePeople();
  const [, navigate] = useLocation();
  const { run, busy, problem } = useAction();
  const [role, setRole] = useState<'coach' | 'coachee'>('coach');
  const [other, setOther] = useState('');
  const [start, setStart] = useState(today());
  const [cadence, setCadence] = useState(CoachingCycle_Cadence.FORTNIGHTLY);
  const [focus, setFocus] = useState('');
  const improvementThread = useAnsweredThread();
  const [need, setNeed] = useState<Need>({ element: '', improvementThread });
  return (
    <Form
      onSubmit={() => {
        if (!other) return;
        void run(async () => {
          const cycle = await client.createCoachingCycle({
            parent: session.trust,
            coachingCycle: create(CoachingCycleSchema, {
              coach: role === 'coach' ? session.person : other,
              coachee: role === 'coach' ? other : session.person,
              startDate: toProtoDate(start),
              plannedEndDate: toProtoDate(addDays(start, 84)),
              cadence,
              focus: focus.trim(),
              ...need,
            }),
            requestId: newRequestId(),
          });
          await queries.invalidateQueries({ queryKey: ['cycles'] });
          navigate(`/learning/coaching/${idOf(cycle.name)}`);
        });
      }}
    >
      {problem}
      <NativeSelect
        label="I am"
        value={role}
        data={[
          { value: 'coach', label: 'the coach' },
          { value: 'coachee', label: 'the one who is coached' },
        ]}
        onChange={(event) => setRole(event.currentTarget.value as 'coach' | 'coachee')}
      />
      <PersonPicker label="With" people={people} value={other} onChange={setOther} />
      <div className="form-pair">
        <TextInput label="From" type="date" value={start} onChange={(event) => setStart(event.currentTarget.value)} />
        <WordSelect label="We meet" words={MEETING_WORDS} value={cadence} onChange={setCadence} />
      </div>
      <Textarea label="What we work on" description="Optional" maxLength={1000} value={focus} onChange={(event) => setFocus(event.currentTarget.value)} />
      <NeedFields need={need} onChange={setNeed} />
      <p className="who-reads">
        <LockIcon size={16} /> Read by you two only.{need.improvementThread && ' The thread shows that support is in place, and nothing else.'}
      </p>
      <Button type="submit" loading={busy} disabled={!other || !start}>
        Begin
      </Button>
    </Form>
  );
}

function SharedSteps() {
  const { trust } = useSession();
  const client = useClient(CoachingService);
  const people = usePeople();
  const query = useQuery({ queryKey: ['shared-steps', trust], queryFn: ({ signal }) => client.listSharedSteps({ parent: trust }, { signal }) });
  const steps = query.data?.sharedSteps ?? [];
  return (
    <section aria-labelledby="shared-title">
      <h2 id="shared-title" className="section-title">
        Shared with me
      </h2>
      {steps.length === 0 && <Empty title="No step">A colleague who is coached can share a single step with you.</Empty>}
      <ul className="record-list">
        {steps.map((step) => {
          const due = fromProtoDate(step.dueDate);
          return (
            <li className="record" key={step.step}>
              <div className="record-open">
                <span className="record-what">
                  <strong>{step.text}</strong>
                  <small>{[nameIn(people, step.coachee), due && `until ${sayDay(due)}`].filter(Boolean).join(' · ')}</small>
                </span>
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Counts() {
  const session = useSession();
  const client = useClient(CoachingService);
  const schools = schoolsOf(session);
  const [scope, setScope] = useState(schools.length === session.schools.length ? session.trust : (schools[0]?.name ?? session.trust));
  const query = useQuery({ queryKey: ['coaching-counts', scope], queryFn: ({ signal }) => client.readCoachingCounts({ parent: scope }, { signal }) });
  const counts = query.data;
  return (
    <section aria-labelledby="counts-title">
      <h2 id="counts-title" className="section-title">
        How much of it there is
      </h2>
      <NativeSelect
        label="Where"
        value={scope}
        data={[
          ...(schools.length === session.schools.length ? [{ value: session.trust, label: 'The whole trust' }] : []),
          ...schools.map(({ name, displayName }) => ({ value: name, label: displayName })),
        ]}
        onChange={(event) => setScope(event.currentTarget.value)}
      />
      {query.isError && <ProblemNote error={query.error} title="The counts" />}
      {counts && (
        <dl className="then-now">
          <div>
            <dt>Cycles</dt>
            <dd>{counts.cycles}</dd>
          </div>
          <div>
            <dt>Completed</dt>
            <dd>{counts.completedCycles}</dd>
          </div>
          <div>
            <dt>Sessions held</dt>
            <dd>{counts.sessionsHeld}</dd>
          </div>
          <div>
            <dt>Steps achieved</dt>
            <dd>{counts.stepsAchieved}</dd>
          </div>
        </dl>
      )}
      <p className="as-of">Counts of this academic year. Who is coached and what is said is not among what anybody here can see.</p>
    </section>
  );
}
