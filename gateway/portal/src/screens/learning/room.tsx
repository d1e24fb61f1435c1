// The coaching room: one small step at a time, with what was rehearsed and seen, and the sessions. Only two people can enter.
import { Button, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { newRequestId } from '../../api/ids';
import { useSession } from '../../app/auth';
import { useParam } from '../../app/hooks';
import { nameIn, usePeople } from '../../app/queries';
import { useClient } from '../../app/services';
import { ActionStep_State, CoachingCycle_State, type ActionStep, type CoachingCycle, type CoachingSession } from '../../gen/fivestrand/cpd/v1/coaching_pb';
import { CoachingService } from '../../gen/fivestrand/cpd/v1/coaching_service_pb';
import { fromProtoDate, sayDay } from '../../model/dates';
import { LockIcon } from '../../ui/icons';
import { Empty, Loading, PageHead, ProblemNote } from '../../ui/parts';
import { Readers } from '../../ui/readers';
import { Sheet } from '../../ui/sheet';
import { CycleForm } from './cycle-form';
import { Sessions } from './sessions';
import { NewStep, OpenStep, PastStep } from './steps';
import { useRoom } from './use-room';

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

function Room({ cycle, steps, sessions }: { cycle: CoachingCycle; steps: ActionStep[]; sessions: CoachingSession[] }) {
  const session = useSession();
  const people = usePeople();
  const runs = cycle.state === CoachingCycle_State.ACTIVE;
  const open = steps.find(({ state }) => state === ActionStep_State.OPEN);
  const past = steps.filter(({ state }) => state !== ActionStep_State.OPEN);
  const start = fromProtoDate(cycle.startDate);
  const end = fromProtoDate(cycle.endDate);
  const planned = fromProtoDate(cycle.plannedEndDate);
  const editing = useParam('edit');
  return (
    <>
      <PageHead
        title={cycle.coach === session.person ? `Coaching ${nameIn(people, cycle.coachee)}` : `Coached by ${nameIn(people, cycle.coach)}`}
        tab="Coaching"
        actions={
          <Button variant="default" onClick={() => editing.open('cycle')}>
            Change it
          </Button>
        }
      >
        {start && `Since ${sayDay(start)}`}
        {end ? `, ended ${sayDay(end)}` : planned ? `, planned until ${sayDay(planned)}` : ''}
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
                  <PastStep key={step.name} step={step} cycle={cycle} />
                ))}
              </ul>
            </>
          )}
        </section>
        <Sessions cycle={cycle} sessions={sessions} />
      </div>
      <Readers name={cycle.name} service="cpd" what="this room" />
      {runs && <EndCycle cycle={cycle} />}
      <Sheet opened={editing.value !== undefined} onClose={editing.close} title="The cycle">
        {editing.value !== undefined && <CycleForm key={cycle.etag} cycle={cycle} onDone={editing.close} />}
      </Sheet>
    </>
  );
}

function EndCycle({ cycle }: { cycle: CoachingCycle }) {
  const client = useClient(CoachingService);
  const { act, busy, problem } = useRoom(cycle);
  const [outcome, setOutcome] = useState('');
  const [open, setOpen] = useState(false);
  if (!open)
    return (
      <Button mt="md" variant="default" onClick={() => setOpen(true)}>
        End the cycle
      </Button>
    );
  return (
    <div className="form">
      {problem}
      <Textarea label="What came of it" description="Read by you two only." maxLength={2000} value={outcome} onChange={(event) => setOutcome(event.currentTarget.value)} />
      <div className="answer-ways">
        <Button
          loading={busy}
          onClick={() => void act(() => client.completeCycle({ name: cycle.name, etag: cycle.etag, outcome: outcome.trim(), requestId: newRequestId() }))}
        >
          It is complete
        </Button>
        <Button variant="default" loading={busy} onClick={() => void act(() => client.cancelCycle({ name: cycle.name, etag: cycle.etag, requestId: newRequestId() }))}>
          We give it up
        </Button>
      </div>
    </div>
  );
}
