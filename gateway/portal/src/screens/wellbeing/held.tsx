// Check-ins, concerns, support and promises that one holds: what is due first.
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { newRequestId } from '../../api/ids';
import { idOf } from '../../api/names';
import { useSession } from '../../app/auth';
import { useParam } from '../../app/hooks';
import { nameIn, usePeople } from '../../app/queries';
import { useClient } from '../../app/services';
import { FollowUp_State, type FollowUp } from '../../gen/fivestrand/welfare/v1/welfare_pb';
import { WelfareService } from '../../gen/fivestrand/welfare/v1/welfare_service_pb';
import { clockOf, dayOf, fromProtoDate, sayDay, toInstant, today } from '../../model/dates';
import { mayBeginCheckIns } from '../../model/roles';
import { byDue, isOverdue } from '../../model/wellbeing';
import { useAction } from '../../ui/action';
import { PlusIcon } from '../../ui/icons';
import { Empty, Loading, PageHead, ProblemNote } from '../../ui/parts';
import { Sheet } from '../../ui/sheet';
import { SealedRow } from './sealed-row';
import { HandOver } from './hand-over';
import { NewRecord } from './new-record';
import { CHECK_IN_WORDS, CONCERN_WORDS, FOLLOW_UP_WORDS, SUPPORT_WORDS, useWelfare } from './queries';

export default function HeldScreen() {
  const session = useSession();
  const people = usePeople();
  const adding = useParam('add');
  const [ended, setEnded] = useState(false);
  const query = useWelfare(ended);
  const held = <T extends { holder: string }>(records: T[] | undefined) => (records ?? []).filter(({ holder }) => holder === session.person);
  const followUps = byDue(held(query.data?.followUps));
  const overdue = followUps.filter((followUp) => isOverdue(followUp, today())).length;
  const begins = mayBeginCheckIns(session);
  return (
    <>
      <PageHead
        title="Check-ins"
        actions={
          begins && (
            <Button leftSection={<PlusIcon size={20} />} onClick={() => adding.open('check-in')}>
              New
            </Button>
          )
        }
      >
        Yours to hold. Each reading of a text is written down in the audit trail.
      </PageHead>
      <div className="answer-ways">
        <Button variant="default" onClick={() => setEnded(!ended)}>
          {ended ? 'Only what is open' : 'Show what has ended too'}
        </Button>
        <Button variant="default" onClick={() => adding.open('hand-over')}>
          Hand over
        </Button>
      </div>
      {query.isPending && <Loading lines={5} />}
      {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="The records" />}
      {query.data && (
        <div className="side-by-side">
          <section aria-labelledby="promises-title">
            <h2 id="promises-title" className="section-title">
              Promised
            </h2>
            {overdue > 0 && <p className="overdue">{overdue === 1 ? '1 promise is overdue' : `${overdue} promises are overdue`}</p>}
            {followUps.length === 0 && <Empty title="Nothing is open" />}
            <ul className="record-list">
              {followUps.map((followUp) => (
                <PromiseRow key={followUp.name} followUp={followUp} />
              ))}
            </ul>
            <h2 className="section-title">Support in place</h2>
            {held(query.data.supports).length === 0 && <Empty title="None" />}
            <ul className="record-list">
              {held(query.data.supports).map((support) => {
                const review = support.reviewDates.flatMap((date) => fromProtoDate(date) ?? []).find((day) => day >= today());
                return (
                  <SealedRow key={support.name} href={`/wellbeing/supports/${idOf(support.name)}`} title={nameIn(people, support.person)}>
                    {[SUPPORT_WORDS[support.kind], review && `looked at again ${sayDay(review)}`].filter(Boolean).join(' · ')}
                  </SealedRow>
                );
              })}
            </ul>
          </section>
          <section aria-labelledby="held-title">
            <h2 id="held-title" className="section-title">
              Check-ins
            </h2>
            {held(query.data.checkIns).length === 0 && <Empty title="None is open" />}
            <ul className="record-list">
              {held(query.data.checkIns).map((checkIn) => {
                const at = toInstant(checkIn.heldTime) ?? toInstant(checkIn.plannedTime);
                return (
                  <SealedRow key={checkIn.name} href={`/wellbeing/check-ins/${idOf(checkIn.name)}`} title={nameIn(people, checkIn.person)}>
                    {[CHECK_IN_WORDS[checkIn.state], at && `${sayDay(dayOf(at))} ${clockOf(at)}`].filter(Boolean).join(' · ')}
                  </SealedRow>
                );
              })}
            </ul>
            <h2 className="section-title">Worries about staff</h2>
            {held(query.data.concerns).length === 0 && <Empty title="None is open" />}
            <ul className="record-list">
              {held(query.data.concerns).map((concern) => (
                <SealedRow key={concern.name} href={`/wellbeing/concerns/${idOf(concern.name)}`} title={nameIn(people, concern.person)}>
                  {[CONCERN_WORDS[concern.state], concern.raisedBy && concern.raisedBy !== session.person && `told by ${nameIn(people, concern.raisedBy)}`].filter(Boolean).join(' · ')}
                </SealedRow>
              ))}
            </ul>
          </section>
        </div>
      )}
      <Sheet opened={adding.value !== undefined} onClose={adding.close} title={adding.value === 'hand-over' ? 'Hand over' : 'New'}>
        {adding.value === 'hand-over' && <HandOver onDone={adding.close} />}
        {adding.value !== undefined && adding.value !== 'hand-over' && begins && <NewRecord onDone={adding.close} />}
      </Sheet>
    </>
  );
}

function PromiseRow({ followUp }: { followUp: FollowUp }) {
  const people = usePeople();
  const client = useClient(WelfareService);
  const queries = useQueryClient();
  const { run, busy, problem } = useAction();
  const due = fromProtoDate(followUp.dueDate);
  return (
    <li className="record">
      {problem}
      <div className="record-with-action">
        <Link className="record-open" href={`/wellbeing/follow-ups/${idOf(followUp.name)}`}>
          <span className="record-what">
            <strong>{nameIn(people, followUp.person)}</strong>
            <small>
              {[followUp.state !== FollowUp_State.OPEN && FOLLOW_UP_WORDS[followUp.state], due && `until ${sayDay(due)}`].filter(Boolean).join(' · ')}
              {isOverdue(followUp, today()) && <span className="overdue"> overdue</span>}
            </small>
          </span>
        </Link>
        {followUp.state === FollowUp_State.OPEN && (
          <Button
            variant="default"
            loading={busy}
            onClick={() =>
              void run(async () => {
                await client.finishFollowUp({ name: followUp.name, etag: followUp.etag, requestId: newRequestId() });
                await queries.invalidateQueries({ queryKey: ['welfare'] });
              })
            }
          >
            Done<span className="sr-only">: what was promised to {nameIn(people, followUp.person)}</span>
          </Button>
        )}
      </div>
    </li>
  );
}
