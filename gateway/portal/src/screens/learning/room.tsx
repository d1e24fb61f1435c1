// The coaching room: one small step at a time, with what was rehearsed and seen, and the sessions. Only two people can enter.
import { create } from '@bufbuild/protobuf';
import { Button, Textarea, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { newRequestId } from '../../api/ids';
import { useSession } from '../../app/auth';
import { useDraft } from '../../app/hooks';
import { nameIn, usePeople } from '../../app/queries';
import { useClient } from '../../app/services';
import {
  ActionStep_State,
  ActionStepSchema,
  CoachingCycle_State,
  CoachingSession_State,
  CoachingSessionSchema,
  type ActionStep,
  type CoachingCycle,
  type CoachingSession,
} from '../../gen/fivestrand/cpd/v1/coaching_pb';
import { CoachingService } from '../../gen/fivestrand/cpd/v1/coaching_service_pb';
import { addDays, clockOf, dayOf, fromProtoDate, instantOf, sayDay, sayWhen, toInstant, toProtoDate, toTimestamp, today } from '../../model/dates';
import { useAction } from '../../ui/action';
import { LockIcon } from '../../ui/icons';
import { Empty, Loading, PageHead, ProblemNote } from '../../ui/parts';
import { PeoplePicker } from '../../ui/people-picker';

const MOST_SHARED = 10;

export default function RoomScreen({ name }: { name: string }) {
  const client = useClient(CoachingService);
  const query = useQuery({ queryKey: ['room', name], gcTime: 0, queryFn: ({ signal }) => client.readCoachingRoom({ name }, { signal }) });
  const cycle = query.data?.cycle;
  return (
    <>
      <p className="no-print">
        <Link href="/learning/coaching">All rooms</Link>
      </p>
      {query.isPending && <Loading lines={5} />}
      {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="The room" />}
      {cycle && <Room cycle={cycle} steps={query.data?.steps ?? []} sessions={query.data?.sessions ?? []} />}
    </>
  );
}

function useRoom(cycle: CoachingCycle) {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ['room', cycle.name] });
}

function Room({ cycle, steps, sessions }: { cycle: CoachingCycle; steps: ActionStep[]; sessions: CoachingSession[] }) {
  const session = useSession();
  const people = usePeople();
  const runs = cycle.state === CoachingCycle_State.ACTIVE;
  const open = steps.find(({ state }) => state === ActionStep_State.OPEN);
  const past = steps.filter(({ state }) => state !== ActionStep_State.OPEN);
  const start = fromProtoDate(cycle.startDate);
  const end = fromProtoDate(cycle.endDate);
  return (
    <>
      <PageHead title={cycle.coach === session.person ? `Coaching ${nameIn(people, cycle.coachee)}` : `Coached by ${nameIn(people, cycle.coach)}`}>
        {start && `Since ${sayDay(start)}`}
        {end && `, ended ${sayDay(end)}`}
      </PageHead>
      <p className="room-lock">
        <LockIcon size={18} /> Read by {nameIn(people, cycle.coach)} and {nameIn(people, cycle.coachee)}, and by nobody else.
      </p>
      {cycle.focus && <p>{cycle.focus}</p>}
      {cycle.outcome && (
        <p>
          <strong>What came of it:</strong> {cycle.outcome}
        </p>
      )}
      <div className="side-by-side">
        <section aria-labelledby="step-title">
          <h2 id="step-title" className="section-title">
            The step now
          </h2>
          {open ? <OpenStep step={open} cycle={cycle} /> : runs ? <NewStep cycle={cycle} /> : <Empty title="No open step" />}
          {past.length > 0 && (
            <>
              <h2 className="section-title">Steps before</h2>
              <ul className="record-list">
                {past.map((step) => (
                  <li className="record" key={step.name}>
                    <div className="record-open">
                      <span className="record-what">
                        <strong>{step.text}</strong>
                        <small>
                          {step.state === ActionStep_State.ACHIEVED ? `Achieved ${sayDay(fromProtoDate(step.achievedDate) ?? today())}` : 'Dropped'}
                          {step.seen && ` · ${step.seen}`}
                        </small>
                      </span>
                    </div>
                  </li>
                ))}
              </ul>
            </>
          )}
        </section>
        <Sessions cycle={cycle} sessions={sessions} />
      </div>
      {runs && <EndCycle cycle={cycle} />}
    </>
  );
}

function NewStep({ cycle }: { cycle: CoachingCycle }) {
  const { trust } = useSession();
  const client = useClient(CoachingService);
  const refetch = useRoom(cycle);
  const { run, busy, problem } = useAction();
  const draft = useDraft(`step ${cycle.name}`, { text: '', rehearsed: '', due: addDays(today(), 14) });
  const { value } = draft;
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!value.text.trim()) return;
        void run(async () => {
          await client.createActionStep({
            parent: trust,
            actionStep: create(ActionStepSchema, {
              cycle: cycle.name,
              text: value.text.trim(),
              rehearsed: value.rehearsed.trim(),
              dueDate: toProtoDate(value.due),
            }),
            requestId: newRequestId(),
          });
          await draft.clear();
          await refetch();
        });
      }}
    >
      {problem}
      <Textarea label="One small step" description="Something that can be done and seen within two weeks." maxLength={1000} value={value.text} onChange={(event) => draft.change({ text: event.currentTarget.value })} />
      <Textarea label="What was rehearsed" description="Optional" maxLength={2000} value={value.rehearsed} onChange={(event) => draft.change({ rehearsed: event.currentTarget.value })} />
      <TextInput label="Until" type="date" value={value.due} onChange={(event) => draft.change({ due: event.currentTarget.value })} />
      <Button type="submit" loading={busy} disabled={!value.text.trim() || !value.due}>
        Agree the step
      </Button>
    </form>
  );
}

function OpenStep({ step, cycle }: { step: ActionStep; cycle: CoachingCycle }) {
  const session = useSession();
  const client = useClient(CoachingService);
  const people = usePeople();
  const refetch = useRoom(cycle);
  const { run, busy, problem } = useAction();
  const [seen, setSeen] = useState(step.seen);
  const [shared, setShared] = useState(step.sharedWith);
  const due = fromProtoDate(step.dueDate);
  const base = { name: step.name, etag: step.etag };
  const act = (work: () => Promise<unknown>) =>
    run(async () => {
      await work();
      await refetch();
    });
  return (
    <article className="form step-card">
      {problem}
      <p className="step-text">{step.text}</p>
      {due && <p className="as-of">Until {sayDay(due)}</p>}
      {step.rehearsed && (
        <p>
          <strong>Rehearsed:</strong> {step.rehearsed}
        </p>
      )}
      <Textarea label="What was seen" maxLength={2000} value={seen} onChange={(event) => setSeen(event.currentTarget.value)} />
      <div className="answer-ways">
        <Button loading={busy} onClick={() => void act(() => client.achieveStep({ ...base, seen: seen.trim(), requestId: newRequestId() }))}>
          Achieved
        </Button>
        <Button variant="default" loading={busy} onClick={() => void act(() => client.dropStep({ ...base, requestId: newRequestId() }))}>
          Drop it
        </Button>
      </div>
      {cycle.coachee === session.person ? (
        <div className="form">
          <PeoplePicker label="Let others read this step" people={people} value={shared} onChange={setShared} most={MOST_SHARED} />
          {shared.join() !== step.sharedWith.join() && (
            <Button variant="default" loading={busy} onClick={() => void act(() => client.shareStep({ ...base, people: shared, requestId: newRequestId() }))}>
              Share with {shared.length === 0 ? 'nobody' : shared.length}
            </Button>
          )}
        </div>
      ) : (
        step.sharedWith.length > 0 && <p className="as-of">Shared by the coachee with {step.sharedWith.map((person) => nameIn(people, person)).join(', ')}.</p>
      )}
    </article>
  );
}

function Sessions({ cycle, sessions }: { cycle: CoachingCycle; sessions: CoachingSession[] }) {
  const { trust } = useSession();
  const client = useClient(CoachingService);
  const refetch = useRoom(cycle);
  const { run, busy, problem } = useAction();
  const [day, setDay] = useState(today());
  const [clock, setClock] = useState('15:30');
  const runs = cycle.state === CoachingCycle_State.ACTIVE;
  return (
    <section aria-labelledby="sessions-title">
      <h2 id="sessions-title" className="section-title">
        Sessions
      </h2>
      {runs && (
        <form
          className="form"
          onSubmit={(event) => {
            event.preventDefault();
            void run(async () => {
              await client.createCoachingSession({
                parent: trust,
                coachingSession: create(CoachingSessionSchema, { cycle: cycle.name, plannedTime: toTimestamp(instantOf(day, clock)) }),
                requestId: newRequestId(),
              });
              await refetch();
            });
          }}
        >
          {problem}
          <div className="form-pair">
            <TextInput label="Day" type="date" value={day} onChange={(event) => setDay(event.currentTarget.value)} />
            <TextInput label="Time" type="time" value={clock} onChange={(event) => setClock(event.currentTarget.value)} />
          </div>
          <Button type="submit" variant="default" loading={busy} disabled={!day || !clock}>
            {instantOf(day || today(), clock || '00:00') > new Date() ? 'Plan a session' : 'Record a session'}
          </Button>
        </form>
      )}
      <ul className="record-list">
        {sessions.map((session) => (
          <SessionRow key={session.name + session.etag} session={session} cycle={cycle} />
        ))}
      </ul>
    </section>
  );
}

function SessionRow({ session, cycle }: { session: CoachingSession; cycle: CoachingCycle }) {
  const client = useClient(CoachingService);
  const refetch = useRoom(cycle);
  const { run, busy, problem } = useAction();
  const [note, setNote] = useState(session.note);
  const at = toInstant(session.heldTime) ?? toInstant(session.plannedTime);
  const base = { name: session.name, etag: session.etag };
  const held = session.state === CoachingSession_State.HELD;
  const act = (work: () => Promise<unknown>) =>
    run(async () => {
      await work();
      await refetch();
    });
  let actions: ReactNode = null;
  if (session.state === CoachingSession_State.PLANNED) {
    actions = (
      <div className="answer-ways">
        <Button size="sm" h={44} loading={busy} onClick={() => void act(() => client.holdSession({ ...base, note: note.trim(), requestId: newRequestId() }))}>
          It was held
        </Button>
        <Button size="sm" h={44} variant="default" loading={busy} onClick={() => void act(() => client.cancelSession({ ...base, requestId: newRequestId() }))}>
          Called off
        </Button>
      </div>
    );
  } else if (held && note !== session.note) {
    actions = (
      <Button
        size="sm"
        h={44}
        loading={busy}
        onClick={() =>
          void act(() =>
            client.updateCoachingSession({
              coachingSession: create(CoachingSessionSchema, { ...base, note: note.trim() }),
              updateMask: { paths: ['note'] },
              requestId: newRequestId(),
            }),
          )
        }
      >
        Keep the note
      </Button>
    );
  }
  return (
    <li className="record">
      <div className="record-open">
        <div className="record-what form">
          <strong>
            {at && (at > new Date() ? `${sayDay(dayOf(at))} ${clockOf(at)}` : sayWhen(at))}
            <small>{held ? 'held' : session.state === CoachingSession_State.CANCELLED ? 'called off' : 'planned'}</small>
          </strong>
          {problem}
          {session.state !== CoachingSession_State.CANCELLED && (
            <Textarea label="Note" maxLength={8000} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
          )}
          {actions}
        </div>
      </div>
    </li>
  );
}

function EndCycle({ cycle }: { cycle: CoachingCycle }) {
  const client = useClient(CoachingService);
  const queries = useQueryClient();
  const refetch = useRoom(cycle);
  const { run, busy, problem } = useAction();
  const [outcome, setOutcome] = useState('');
  const [open, setOpen] = useState(false);
  if (!open)
    return (
      <Button mt="md" variant="default" onClick={() => setOpen(true)}>
        End the cycle
      </Button>
    );
  const end = (work: () => Promise<unknown>) =>
    run(async () => {
      await work();
      await refetch();
      await queries.invalidateQueries({ queryKey: ['cycles'] });
    });
  return (
    <div className="form">
      {problem}
      <Textarea label="What came of it" description="Read by you two only." maxLength={2000} value={outcome} onChange={(event) => setOutcome(event.currentTarget.value)} />
      <div className="answer-ways">
        <Button
          loading={busy}
          onClick={() => void end(() => client.completeCycle({ name: cycle.name, etag: cycle.etag, outcome: outcome.trim(), requestId: newRequestId() }))}
        >
          It is complete
        </Button>
        <Button variant="default" loading={busy} onClick={() => void end(() => client.cancelCycle({ name: cycle.name, etag: cycle.etag, requestId: newRequestId() }))}>
          We give it up
        </Button>
      </div>
    </div>
  );
}
