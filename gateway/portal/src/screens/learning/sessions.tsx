// The sessions of a coaching cycle: planned, moved, held, called off.
import { create } from '@bufbuild/protobuf';
import { Button, Textarea, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { newRequestId } from '../../api/ids';
import { useSession } from '../../app/auth';
import { useClient } from '../../app/services';
import { CoachingCycle_State, CoachingSession_State, CoachingSessionSchema, type CoachingCycle, type CoachingSession } from '../../gen/fivestrand/cpd/v1/coaching_pb';
import { CoachingService } from '../../gen/fivestrand/cpd/v1/coaching_service_pb';
import { clockOf, dayOf, instantOf, sayDay, sayWhen, toInstant, toTimestamp, today } from '../../model/dates';
import { Form } from '../../ui/form';
import { useRoom } from './use-room';

export function Sessions({ cycle, sessions }: { cycle: CoachingCycle; sessions: CoachingSession[] }) {
  const { trust } = useSession();
  const client = useClient(CoachingService);
  const { act, busy, problem } = useRoom(cycle);
  const [day, setDay] = useState(today());
  const [clock, setClock] = useState('15:30');
  const [place, setPlace] = useState('');
  const runs = cycle.state === CoachingCycle_State.ACTIVE;
  return (
    <section aria-labelledby="sessions-title">
      <h2 id="sessions-title" className="section-title">
        Sessions
      </h2>
      {runs && (
        <Form
          onSubmit={() => {
            void act(() =>
              client.createCoachingSession({
                parent: trust,
                coachingSession: create(CoachingSessionSchema, { cycle: cycle.name, plannedTime: toTimestamp(instantOf(day, clock)), place: place.trim() }),
                requestId: newRequestId(),
              }),
            );
          }}
        >
          {problem}
          <div className="form-pair">
            <TextInput label="Day" type="date" value={day} onChange={(event) => setDay(event.currentTarget.value)} />
            <TextInput label="Time" type="time" value={clock} onChange={(event) => setClock(event.currentTarget.value)} />
          </div>
          <TextInput label="Place" description="Optional" maxLength={120} value={place} onChange={(event) => setPlace(event.currentTarget.value)} />
          <Button type="submit" variant="default" loading={busy} disabled={!day || !clock}>
            {instantOf(day || today(), clock || '00:00') > new Date() ? 'Plan a session' : 'Record a session'}
          </Button>
        </Form>
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
  const { act, busy, problem } = useRoom(cycle);
  const [note, setNote] = useState(session.note);
  const at = toInstant(session.heldTime) ?? toInstant(session.plannedTime);
  const base = { name: session.name, etag: session.etag };
  const held = session.state === CoachingSession_State.HELD;
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
            <small>{[held ? 'held' : session.state === CoachingSession_State.CANCELLED ? 'called off' : 'planned', session.place].filter(Boolean).join(' · ')}</small>
          </strong>
          {problem}
          {session.state !== CoachingSession_State.CANCELLED && (
            <Textarea label="Note" maxLength={8000} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
          )}
          {actions}
          <MoveOrRemove session={session} cycle={cycle} />
        </div>
      </div>
    </li>
  );
}

// A planned session is moved; one that should not be there at all is removed, which asks once more because it does not come back.
function MoveOrRemove({ session, cycle }: { session: CoachingSession; cycle: CoachingCycle }) {
  const client = useClient(CoachingService);
  const { act, busy, problem } = useRoom(cycle);
  const at = toInstant(session.plannedTime) ?? new Date();
  const [open, setOpen] = useState<'move' | 'remove' | undefined>();
  const [day, setDay] = useState(dayOf(at));
  const [clock, setClock] = useState(clockOf(at));
  const [place, setPlace] = useState(session.place);
  const planned = session.state === CoachingSession_State.PLANNED;
  const base = { name: session.name, etag: session.etag };
  if (open === undefined)
    return (
      <div className="answer-ways">
        {planned && (
          <button type="button" className="text-button" onClick={() => setOpen('move')}>
            Move it
          </button>
        )}
        <button type="button" className="text-button" onClick={() => setOpen('remove')}>
          Remove it
        </button>
      </div>
    );
  return (
    <div role="group" aria-label={open === 'move' ? 'Move the session' : 'Remove the session'} className="form">
      {problem}
      {open === 'move' ? (
        <>
          <div className="form-pair">
            <TextInput label="To the day" type="date" value={day} onChange={(event) => setDay(event.currentTarget.value)} />
            <TextInput label="At" type="time" value={clock} onChange={(event) => setClock(event.currentTarget.value)} />
          </div>
          <TextInput label="Place" maxLength={120} value={place} onChange={(event) => setPlace(event.currentTarget.value)} />
        </>
      ) : (
        <p>It and its note are removed for both of you and do not come back. A session that did not take place is called off instead.</p>
      )}
      <div className="answer-ways">
        {open === 'move' ? (
          <Button
            loading={busy}
            disabled={!day || !clock}
            onClick={() =>
              void act(() =>
                client.updateCoachingSession({
                  coachingSession: create(CoachingSessionSchema, { ...base, plannedTime: toTimestamp(instantOf(day, clock)), place: place.trim() }),
                  updateMask: { paths: ['planned_time', 'place'] },
                  requestId: newRequestId(),
                }),
              )
            }
          >
            Move it there
          </Button>
        ) : (
          <Button color="red" loading={busy} onClick={() => void act(() => client.deleteCoachingSession({ ...base, requestId: newRequestId() }))}>
            Yes, remove it
          </Button>
        )}
        <Button variant="default" onClick={() => setOpen(undefined)}>
          Leave it
        </Button>
      </div>
    </div>
  );
}
