// One check-in: who will be able to read what stands on top, before anybody types.
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { newRequestId } from '../../api/ids';
import { useSession } from '../../app/auth';
import { nameIn, usePeople } from '../../app/queries';
import { useClient } from '../../app/services';
import { CheckIn_State, CheckInSchema, type CheckIn } from '../../gen/fivestrand/welfare/v1/welfare_pb';
import { WelfareService } from '../../gen/fivestrand/welfare/v1/welfare_service_pb';
import { addDays, clockOf, dayOf, instantOf, sayWhen, toInstant, toTimestamp, today } from '../../model/dates';
import { Loading, ProblemNote } from '../../ui/parts';
import { Readers } from '../../ui/readers';
import { Circle, HandOne, MatterHead, Promises, ReadTexts, TextFields, Told, useChange, useTexts } from './matter';
import { CHECK_IN_WORDS, useCheckIn } from './queries';

export default function CheckInScreen({ name }: { name: string }) {
  const query = useCheckIn(name);
  return (
    <>
      {query.isPending && <Loading lines={5} />}
      {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="The check-in" />}
      {query.data && <Detail checkIn={query.data} />}
    </>
  );
}

function Detail({ checkIn }: { checkIn: CheckIn }) {
  const session = useSession();
  const people = usePeople();
  const holds = checkIn.holder === session.person;
  const own = checkIn.person === session.person;
  const at = toInstant(checkIn.heldTime) ?? toInstant(checkIn.plannedTime);
  return (
    <>
      <MatterHead
        matter={checkIn}
        title={own ? `Check-in with ${nameIn(people, checkIn.holder)}` : `Check-in, ${nameIn(people, checkIn.person)}`}
        state={[CHECK_IN_WORDS[checkIn.state], at && sayWhen(at)].filter(Boolean).join(' · ')}
      />
      <div className="form matter">
        {checkIn.request && <Told label="Asked for with">{checkIn.request}</Told>}
        {holds ? <Holding checkIn={checkIn} /> : <ReadTexts note={checkIn.note} agreed={checkIn.agreed} />}
        {own && !holds && <CallOff checkIn={checkIn} />}
        {own && <Circle matter={checkIn} />}
        {own && <Readers name={checkIn.name} service="welfare" />}
        {holds && <Promises matter={checkIn} />}
        {holds && <HandOne matter={checkIn} />}
      </div>
    </>
  );
}

const isOpen = ({ state }: CheckIn) => state === CheckIn_State.REQUESTED || state === CheckIn_State.PLANNED;

function CallOff({ checkIn }: { checkIn: CheckIn }) {
  const client = useClient(WelfareService);
  const { change, busy, problem } = useChange(checkIn.name);
  if (!isOpen(checkIn)) return null;
  return (
    <>
      {problem}
      <Button variant="default" loading={busy} onClick={() => void change(() => client.cancelCheckIn({ name: checkIn.name, requestId: newRequestId() }))}>
        Call it off
      </Button>
    </>
  );
}

function Holding({ checkIn }: { checkIn: CheckIn }) {
  const client = useClient(WelfareService);
  const { change, busy, problem } = useChange(checkIn.name);
  const { texts, trimmed, changed, set } = useTexts(checkIn);
  const planned = toInstant(checkIn.plannedTime);
  const [day, setDay] = useState(planned ? dayOf(planned) : addDays(today(), 1));
  const [clock, setClock] = useState(planned ? clockOf(planned) : '16:00');
  const open = isOpen(checkIn);
  const at = day && clock ? instantOf(day, clock) : undefined;
  const ahead = at !== undefined && at > new Date();
  const moved = at !== undefined && at.getTime() !== planned?.getTime();
  const base = { name: checkIn.name, etag: checkIn.etag };
  const update = (fields: MessageInitShape<typeof CheckInSchema>, paths: string[]) =>
    change(() => client.updateCheckIn({ checkIn: create(CheckInSchema, { ...base, ...fields }), updateMask: { paths }, requestId: newRequestId() }));
  return (
    <>
      {problem}
      {open && (
        <div className="form-pair">
          <TextInput label="Day" type="date" value={day} onChange={(event) => setDay(event.currentTarget.value)} />
          <TextInput label="Time" type="time" value={clock} onChange={(event) => setClock(event.currentTarget.value)} />
        </div>
      )}
      <TextFields texts={texts} set={set} person={checkIn.person} />
      <div className="answer-ways">
        {open && moved && ahead && (
          <Button loading={busy} onClick={() => void update({ plannedTime: toTimestamp(at) }, ['planned_time'])}>
            {planned ? 'Move it' : 'Plan it for then'}
          </Button>
        )}
        {open && (
          <Button
            variant={moved && ahead ? 'default' : 'filled'}
            loading={busy}
            onClick={() =>
              void change(() =>
                client.completeCheckIn({ ...base, ...trimmed, heldTime: at && !ahead ? toTimestamp(at) : undefined, requestId: newRequestId() }),
              )
            }
          >
            {at && !ahead ? 'It was held then' : 'It is held now'}
          </Button>
        )}
        {changed && (
          <Button variant="default" loading={busy} onClick={() => void update(trimmed, ['note', 'agreed'])}>
            Keep the texts
          </Button>
        )}
      </div>
      <CallOff checkIn={checkIn} />
    </>
  );
}
