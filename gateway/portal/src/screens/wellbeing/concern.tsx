// One concern about a member of staff, as each of those who are named in it sees it.
import { create } from '@bufbuild/protobuf';
import { Button } from '@mantine/core';
import { newRequestId } from '../../api/ids';
import { useSession } from '../../app/auth';
import { nameIn, usePeople } from '../../app/queries';
import { useClient } from '../../app/services';
import { WelfareConcern_State, WelfareConcernSchema, type WelfareConcern } from '../../gen/fivestrand/welfare/v1/welfare_pb';
import { WelfareService } from '../../gen/fivestrand/welfare/v1/welfare_service_pb';
import { fromProtoDate, sayDay } from '../../model/dates';
import { Loading, ProblemNote } from '../../ui/parts';
import { Readers } from '../../ui/readers';
import { Circle, HandOne, MatterHead, Promises, ReadTexts, TextFields, Told, useChange, useTexts } from './matter';
import { CONCERN_WORDS, useConcern } from './queries';

export default function ConcernScreen({ name }: { name: string }) {
  const query = useConcern(name);
  return (
    <>
      {query.isPending && <Loading lines={5} />}
      {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="The concern" />}
      {query.data && <Detail concern={query.data} />}
    </>
  );
}

function Detail({ concern }: { concern: WelfareConcern }) {
  const session = useSession();
  const people = usePeople();
  const holds = concern.holder === session.person;
  const own = concern.person === session.person;
  const raised = concern.raisedBy === session.person;
  const closed = fromProtoDate(concern.closeDate);
  return (
    <>
      <MatterHead
        matter={concern}
        title={own ? 'A worry about you' : `A worry about ${nameIn(people, concern.person)}`}
        state={[CONCERN_WORDS[concern.state], closed && sayDay(closed), concern.raisedBy && !own && `told by ${raised ? 'you' : nameIn(people, concern.raisedBy)}`].filter(Boolean).join(' · ')}
        raiser={concern.raisedBy === concern.holder ? '' : concern.raisedBy}
      />
      <div className="form matter">
        {concern.text && <Told label={raised ? 'What you told' : 'What was told'}>{concern.text}</Told>}
        {holds ? <Holding concern={concern} /> : own || concern.note || concern.agreed ? <ReadTexts note={concern.note} agreed={concern.agreed} /> : null}
        {raised && !holds && !own && <p className="as-of">What follows from it is between the holder and the person.</p>}
        {own && <Circle matter={concern} />}
        {own && <Readers name={concern.name} service="welfare" />}
        {holds && <Promises matter={concern} />}
        {holds && <HandOne matter={concern} />}
      </div>
    </>
  );
}

function Holding({ concern }: { concern: WelfareConcern }) {
  const client = useClient(WelfareService);
  const { change, busy, problem } = useChange(concern.name);
  const { texts, trimmed, changed, set } = useTexts(concern);
  const base = { name: concern.name, etag: concern.etag };
  const raised = concern.state === WelfareConcern_State.RAISED;
  const keep = () =>
    change(() =>
      client.updateWelfareConcern({
        welfareConcern: create(WelfareConcernSchema, { ...base, ...trimmed }),
        updateMask: { paths: ['note', 'agreed'] },
        requestId: newRequestId(),
      }),
    );
  return (
    <>
      {problem}
      <TextFields texts={texts} set={set} person={concern.person} />
      {concern.raisedBy !== concern.person && (
        <p className="who-reads">Once something stands under “What is agreed”, the person sees that there is this record. Until then they do not.</p>
      )}
      <div className="answer-ways">
        {(changed || raised) && (
          <Button loading={busy} onClick={() => void keep()}>
            {raised ? 'Take it in hand' : 'Keep the texts'}
          </Button>
        )}
        {concern.state !== WelfareConcern_State.CLOSED && (
          <Button
            variant="default"
            loading={busy}
            disabled={changed}
            onClick={() => void change(() => client.closeWelfareConcern({ name: concern.name, requestId: newRequestId() }))}
          >
            Close it
          </Button>
        )}
      </div>
    </>
  );
}
