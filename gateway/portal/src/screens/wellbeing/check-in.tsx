// One check-in: who will be able to read what stands on top, before anybody types.
import { create } from '@bufbuild/protobuf';
import { Button, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { newRequestId } from '../../api/ids';
import { useSession } from '../../app/auth';
import { nameIn, usePeople } from '../../app/queries';
import { useClient } from '../../app/services';
import { CheckIn_State, CheckInSchema, type CheckIn } from '../../gen/fivestrand/welfare/v1/welfare_pb';
import { WelfareService } from '../../gen/fivestrand/welfare/v1/welfare_service_pb';
import { sayWhen, toInstant } from '../../model/dates';
import { useAction } from '../../ui/action';
import { LockIcon } from '../../ui/icons';
import { Loading, PageHead, ProblemNote } from '../../ui/parts';
import { PersonPicker } from '../../ui/people-picker';
import { CHECK_IN_WORDS, useCheckIn } from './queries';

export default function CheckInScreen({ name }: { name: string }) {
  const query = useCheckIn(name);
  return (
    <>
      {query.isPending && <Loading lines={5} />}
      {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="The check-in" />}
      {query.data && <Detail key={query.data.etag} checkIn={query.data} onChanged={() => void query.refetch()} />}
    </>
  );
}

function Detail({ checkIn, onChanged }: { checkIn: CheckIn; onChanged: () => void }) {
  const session = useSession();
  const client = useClient(WelfareService);
  const queries = useQueryClient();
  const people = usePeople();
  const { run, busy, problem } = useAction();
  const [note, setNote] = useState(checkIn.note);
  const [agreed, setAgreed] = useState(checkIn.agreed);
  const holds = checkIn.holder === session.person;
  const own = checkIn.person === session.person;
  const circle = checkIn.circle?.readers ?? [];
  const at = toInstant(checkIn.heldTime) ?? toInstant(checkIn.plannedTime);
  const open = checkIn.state === CheckIn_State.REQUESTED || checkIn.state === CheckIn_State.PLANNED;
  const base = { name: checkIn.name, etag: checkIn.etag };
  const act = (work: () => Promise<unknown>) =>
    run(async () => {
      await work();
      await queries.invalidateQueries({ queryKey: ['welfare', session.trust] });
      onChanged();
    });
  return (
    <>
      <p className="no-print">
        <Link href={holds ? '/wellbeing/held' : '/wellbeing'}>Back</Link>
      </p>
      <PageHead title={own ? `Check-in with ${nameIn(people, checkIn.holder)}` : `Check-in, ${nameIn(people, checkIn.person)}`}>
        {[CHECK_IN_WORDS[checkIn.state], at && sayWhen(at)].filter(Boolean).join(' · ')}
      </PageHead>
      <p className="room-lock">
        <LockIcon size={18} />
        Read by {nameIn(people, checkIn.holder)}
        {circle.length > 0 && `, ${circle.map((reader) => nameIn(people, reader)).join(', ')}`}; what is agreed also by {own ? 'you' : nameIn(people, checkIn.person)}. No other role, no administrator.
      </p>
      {problem}
      <div className="form">
        {checkIn.request && (
          <p>
            <strong>Asked for with:</strong> {checkIn.request}
          </p>
        )}
        {holds ? (
          <>
            <Textarea label="Your own note" description={`Not shown to ${nameIn(people, checkIn.person)}.`} maxLength={4000} minRows={3} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
            <Textarea label="What is agreed" description={`Shown to ${nameIn(people, checkIn.person)}.`} maxLength={4000} minRows={3} value={agreed} onChange={(event) => setAgreed(event.currentTarget.value)} />
            <div className="answer-ways">
              {open && (
                <Button loading={busy} onClick={() => void act(() => client.completeCheckIn({ ...base, note: note.trim(), agreed: agreed.trim(), requestId: newRequestId() }))}>
                  It was held
                </Button>
              )}
              {(note !== checkIn.note || agreed !== checkIn.agreed) && (
                <Button
                  variant="default"
                  loading={busy}
                  onClick={() =>
                    void act(() =>
                      client.updateCheckIn({
                        checkIn: create(CheckInSchema, { ...base, note: note.trim(), agreed: agreed.trim() }),
                        updateMask: { paths: ['note', 'agreed'] },
                        requestId: newRequestId(),
                      }),
                    )
                  }
                >
                  Keep the texts
                </Button>
              )}
            </div>
          </>
        ) : (
          <p>
            <strong>What is agreed:</strong> {checkIn.agreed || 'nothing written down yet'}
          </p>
        )}
        {open && (own || holds) && (
          <Button variant="default" loading={busy} onClick={() => void act(() => client.cancelCheckIn({ ...base, requestId: newRequestId() }))}>
            Call it off
          </Button>
        )}
        {own && <Circle name={checkIn.name} readers={circle} onChanged={onChanged} />}
      </div>
    </>
  );
}

// Only the person whom it is about can let somebody in.
function Circle({ name, readers, onChanged }: { name: string; readers: string[]; onChanged: () => void }) {
  const client = useClient(WelfareService);
  const people = usePeople();
  const { run, busy, problem } = useAction();
  const [reader, setReader] = useState('');
  return (
    <section aria-labelledby="circle-title" className="form">
      <h2 id="circle-title" className="section-title">
        Whom I have let in
      </h2>
      {problem}
      <ul className="group-list">
        {readers.map((person) => (
          <li key={person}>
            {nameIn(people, person)}{' '}
            <button
              type="button"
              className="text-button"
              disabled={busy}
              onClick={() =>
                void run(async () => {
                  await client.withdrawReader({ name, reader: person });
                  onChanged();
                })
              }
            >
              Take it back
            </button>
          </li>
        ))}
      </ul>
      <PersonPicker label="Let somebody read this" people={people} value={reader} onChange={setReader} />
      <Button
        variant="default"
        loading={busy}
        disabled={!reader}
        onClick={() =>
          void run(async () => {
            await client.agreeReader({ name, reader });
            setReader('');
            onChanged();
          })
        }
      >
        Let them in
      </Button>
    </section>
  );
}
