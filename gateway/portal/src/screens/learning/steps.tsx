// The steps of a coaching cycle: one at a time, each small, shared by nobody but the coachee.
import { create } from '@bufbuild/protobuf';
import { Button, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { newRequestId } from '../../api/ids';
import { useSession } from '../../app/auth';
import { useDraft } from '../../app/hooks';
import { nameIn, usePeople } from '../../app/queries';
import { useClient } from '../../app/services';
import { ActionStep_State, ActionStepSchema, type ActionStep, type CoachingCycle } from '../../gen/fivestrand/cpd/v1/coaching_pb';
import { CoachingService } from '../../gen/fivestrand/cpd/v1/coaching_service_pb';
import { addDays, fromProtoDate, sayDay, toProtoDate, today } from '../../model/dates';
import { Form } from '../../ui/form';
import { PeoplePicker } from '../../ui/people-picker';
import { Readers } from '../../ui/readers';
import { useRoom } from './use-room';

const MOST_SHARED = 10;

export function NewStep({ cycle }: { cycle: CoachingCycle }) {
  const { trust } = useSession();
  const client = useClient(CoachingService);
  const { act, busy, problem } = useRoom(cycle);
  const draft = useDraft(`step ${cycle.name}`, { text: '', rehearsed: '', due: addDays(today(), 14) });
  const { value } = draft;
  return (
    <Form
      onSubmit={() => {
        if (!value.text.trim()) return;
        void act(async () => {
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
    </Form>
  );
}

export function OpenStep({ step, cycle }: { step: ActionStep; cycle: CoachingCycle }) {
  const session = useSession();
  const client = useClient(CoachingService);
  const people = usePeople();
  const { act, busy, problem } = useRoom(cycle);
  const [seen, setSeen] = useState(step.seen);
  const [shared, setShared] = useState(step.sharedWith);
  const [editing, setEditing] = useState(false);
  const due = fromProtoDate(step.dueDate);
  const base = { name: step.name, etag: step.etag };
  return (
    <article className="form step-card">
      {problem}
      {editing ? (
        <EditStep step={step} cycle={cycle} onDone={() => setEditing(false)} />
      ) : (
        <>
          <p className="step-text">{step.text}</p>
          {due && <p className="as-of">Until {sayDay(due)}</p>}
          {step.rehearsed && (
            <p>
              <strong>Rehearsed:</strong> {step.rehearsed}
            </p>
          )}
        </>
      )}
      <Textarea label="What was seen" maxLength={2000} value={seen} onChange={(event) => setSeen(event.currentTarget.value)} />
      <div className="answer-ways">
        <Button loading={busy} onClick={() => void act(() => client.achieveStep({ ...base, seen: seen.trim(), requestId: newRequestId() }))}>
          Achieved
        </Button>
        <Button variant="default" loading={busy} onClick={() => void act(() => client.dropStep({ ...base, requestId: newRequestId() }))}>
          Drop it
        </Button>
        {!editing && (
          <Button variant="default" onClick={() => setEditing(true)}>
            Change the step
          </Button>
        )}
        {seen.trim() !== step.seen && (
          <Button
            variant="default"
            loading={busy}
            onClick={() =>
              void act(() =>
                client.updateActionStep({ actionStep: create(ActionStepSchema, { ...base, seen: seen.trim() }), updateMask: { paths: ['seen'] }, requestId: newRequestId() }),
              )
            }
          >
            Keep what was seen
          </Button>
        )}
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
      <Readers name={step.name} service="cpd" what="this step" />
    </article>
  );
}

// Either of the two changes what is to be done while the step is open.
function EditStep({ step, cycle, onDone }: { step: ActionStep; cycle: CoachingCycle; onDone: () => void }) {
  const client = useClient(CoachingService);
  const { act, busy, problem } = useRoom(cycle);
  const [text, setText] = useState(step.text);
  const [rehearsed, setRehearsed] = useState(step.rehearsed);
  const [due, setDue] = useState(fromProtoDate(step.dueDate) ?? today());
  return (
    <Form
      onSubmit={() => {
        if (!text.trim() || !due) return;
        void act(() =>
          client.updateActionStep({
            actionStep: create(ActionStepSchema, { name: step.name, etag: step.etag, text: text.trim(), rehearsed: rehearsed.trim(), dueDate: toProtoDate(due) }),
            updateMask: { paths: ['text', 'rehearsed', 'due_date'] },
            requestId: newRequestId(),
          }),
        ).then((done) => done && onDone());
      }}
    >
      {problem}
      <Textarea label="The step" maxLength={1000} value={text} onChange={(event) => setText(event.currentTarget.value)} />
      <Textarea label="What was rehearsed" description="Optional" maxLength={2000} value={rehearsed} onChange={(event) => setRehearsed(event.currentTarget.value)} />
      <TextInput label="Until" type="date" value={due} onChange={(event) => setDue(event.currentTarget.value)} />
      {step.sharedWith.length > 0 && <p className="who-reads">Those with whom it is shared read the change too.</p>}
      <div className="answer-ways">
        <Button type="submit" loading={busy} disabled={!text.trim() || !due}>
          Keep the step
        </Button>
        <Button variant="default" onClick={onDone}>
          Leave it as it was
        </Button>
      </div>
    </Form>
  );
}

// Of a step that is over only what was seen can be added to.
export function PastStep({ step, cycle }: { step: ActionStep; cycle: CoachingCycle }) {
  const client = useClient(CoachingService);
  const { act, busy, problem } = useRoom(cycle);
  const [editing, setEditing] = useState(false);
  const [seen, setSeen] = useState(step.seen);
  const keep = () =>
    act(() =>
      client.updateActionStep({
        actionStep: create(ActionStepSchema, { name: step.name, etag: step.etag, seen: seen.trim() }),
        updateMask: { paths: ['seen'] },
        requestId: newRequestId(),
      }),
    ).then((done) => done && setEditing(false));
  return (
    <li className="record">
      <div className="record-open">
        <div className="record-what form">
          <strong>{step.text}</strong>
          <small>
            {step.state === ActionStep_State.ACHIEVED ? `Achieved ${sayDay(fromProtoDate(step.achievedDate) ?? today())}` : 'Dropped'}
            {step.seen && !editing && ` · ${step.seen}`}
          </small>
          {problem}
          {editing ? (
            <>
              <Textarea label="What was seen" maxLength={2000} value={seen} onChange={(event) => setSeen(event.currentTarget.value)} />
              <div className="answer-ways">
                <Button loading={busy} onClick={() => void keep()}>
                  Keep it
                </Button>
                <Button variant="default" onClick={() => setEditing(false)}>
                  Leave it
                </Button>
              </div>
            </>
          ) : (
            <button type="button" className="text-button" onClick={() => setEditing(true)}>
              {step.seen ? 'Change what was seen' : 'Add what was seen'}
            </button>
          )}
          <Readers name={step.name} service="cpd" what="this step" />
        </div>
      </div>
    </li>
  );
}
