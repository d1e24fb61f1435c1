// Something that was promised to a member of staff, and until when.
import { Button } from '@mantine/core';
import { Link } from 'wouter';
import { newRequestId } from '../../api/ids';
import { collectionOf, idOf } from '../../api/names';
import { useSession } from '../../app/auth';
import { nameIn, usePeople } from '../../app/queries';
import { useClient } from '../../app/services';
import { FollowUp_State, type FollowUp } from '../../gen/fivestrand/welfare/v1/welfare_pb';
import { WelfareService } from '../../gen/fivestrand/welfare/v1/welfare_service_pb';
import { fromProtoDate, sayDay, today } from '../../model/dates';
import { isOverdue } from '../../model/wellbeing';
import { Loading, ProblemNote } from '../../ui/parts';
import { Readers } from '../../ui/readers';
import { Circle, HandOne, MatterHead, Told, useChange } from './matter';
import { FOLLOW_UP_WORDS, useFollowUp } from './queries';

// Where the record is that it follows up.
const PAGES: Record<string, string> = { checkIns: 'check-ins', welfareConcerns: 'concerns', supports: 'supports' };

export default function FollowUpScreen({ name }: { name: string }) {
  const query = useFollowUp(name);
  return (
    <>
      {query.isPending && <Loading lines={5} />}
      {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="The promise" />}
      {query.data && <Detail followUp={query.data} />}
    </>
  );
}

function Detail({ followUp }: { followUp: FollowUp }) {
  const session = useSession();
  const client = useClient(WelfareService);
  const people = usePeople();
  const { change, busy, problem } = useChange(followUp.name);
  const holds = followUp.holder === session.person;
  const own = followUp.person === session.person;
  const due = fromProtoDate(followUp.dueDate);
  const done = fromProtoDate(followUp.doneDate);
  const { name } = followUp;
  const page = PAGES[collectionOf(followUp.record)];
  return (
    <>
      <MatterHead
        matter={followUp}
        title={own ? `${nameIn(people, followUp.holder)} has promised you something` : `Promised to ${nameIn(people, followUp.person)}`}
        state={[FOLLOW_UP_WORDS[followUp.state], due && `until ${sayDay(due)}`, isOverdue(followUp, today()) && 'overdue', done && sayDay(done)].filter(Boolean).join(' · ')}
      />
      <div className="form matter">
        <Told label="What will be done">{followUp.action}</Told>
        {page && <Link href={`/wellbeing/${page}/${idOf(followUp.record)}`}>The record that it follows up</Link>}
        {problem}
        {holds && followUp.state === FollowUp_State.OPEN && (
          <div className="answer-ways">
            <Button loading={busy} onClick={() => void change(() => client.finishFollowUp({ name, requestId: newRequestId() }))}>
              Done
            </Button>
            <Button variant="default" loading={busy} onClick={() => void change(() => client.finishFollowUp({ name, cancelled: true, requestId: newRequestId() }))}>
              Call it off
            </Button>
          </div>
        )}
        {own && <Circle matter={followUp} />}
        {own && <Readers name={followUp.name} service="welfare" />}
        {holds && <HandOne matter={followUp} />}
      </div>
    </>
  );
}
