// What concerns oneself: a pulse to answer, check-ins and support, who has been let in, and whether a seal was opened.
import { Button, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { newRequestId } from '../../api/ids';
import { idOf } from '../../api/names';
import { useSession } from '../../app/auth';
import { useParam } from '../../app/hooks';
import { nameIn, usePeople } from '../../app/queries';
import { useClient, useServices } from '../../app/services';
import { WelfareService } from '../../gen/fivestrand/welfare/v1/welfare_service_pb';
import { clockOf, dayOf, fromProtoDate, sayDay, sayWhen, toInstant, today } from '../../model/dates';
import { mayHoldCheckIns } from '../../model/roles';
import { isOverdue } from '../../model/wellbeing';
import { useAction } from '../../ui/action';
import { Form } from '../../ui/form';
import { ChevronIcon, LockIcon, WellbeingIcon } from '../../ui/icons';
import { Empty, Loading, PageHead, ProblemNote } from '../../ui/parts';
import { Sheet } from '../../ui/sheet';
import { useToast } from '../../ui/toast';
import { SealedRow } from './sealed-row';
import { CHECK_IN_WORDS, CONCERN_WORDS, FOLLOW_UP_WORDS, NOTICE_SEEN, SUPPORT_STATES, SUPPORT_WORDS, useNotices, useOpenPulses, useWelfare, type WelfareRecords } from './queries';
import { Tell } from './tell';

export default function MineScreen() {
  const session = useSession();
  const { person } = session;
  const query = useWelfare(true);
  const pulses = useOpenPulses();
  const telling = useParam('tell');
  const waiting = (pulses.data ?? []).filter(({ answered }) => !answered);
  const about = query.data && part(query.data, (record) => record.person === person);
  // What a director of HR or the CEO holds has a page of its own.
  const holdsElsewhere = mayHoldCheckIns(session);
  const others = query.data && part(query.data, (record) => record.person !== person && !(holdsElsewhere && record.holder === person));
  return (
    <>
      <PageHead title="Wellbeing">What is between you and the HR director, and nobody else unless you let them in.</PageHead>
      <Notices />
      {waiting.map(({ pulseSurvey }) => (
        <Link key={pulseSurvey?.name} className="row-button" href={`/wellbeing/pulses/${idOf(pulseSurvey?.name ?? '')}`}>
          <WellbeingIcon />
          <span>
            <strong>{pulseSurvey?.title}</strong>
            <small>One minute, without your name. Until {sayDay(dayOf(toInstant(pulseSurvey?.closeTime) ?? new Date()))}.</small>
          </span>
          <ChevronIcon size={18} />
        </Link>
      ))}
      <div className="side-by-side">
        <div>
          <Ask />
          <h2 className="section-title">A worry</h2>
          <Button variant="default" onClick={() => telling.open('new')}>
            Tell of a worry
          </Button>
        </div>
        <section aria-labelledby="about-title">
          <h2 id="about-title" className="section-title">
            About me
          </h2>
          {query.isPending && <Loading lines={3} />}
          {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="Your records" />}
          {about && sizeOf(about) === 0 && <Empty title="Nothing is kept">A check-in that you have, and support that is agreed with you, stands here.</Empty>}
          {about && <Records records={about} />}
          {others && sizeOf(others) > 0 && (
            <>
              <h2 className="section-title">About others</h2>
              <p className="as-of">What you told, what you hold, and what somebody lets you read.</p>
              <Records records={others} />
            </>
          )}
        </section>
      </div>
      <Sheet opened={telling.value !== undefined} onClose={telling.close} title="A worry">
        {telling.value !== undefined && <Tell onDone={telling.close} />}
      </Sheet>
    </>
  );
}

function part(records: WelfareRecords, keep: (record: { person: string; holder: string }) => boolean): WelfareRecords {
  return {
    checkIns: records.checkIns.filter(keep),
    concerns: records.concerns.filter(keep),
    supports: records.supports.filter(keep),
    followUps: records.followUps.filter(keep),
  };
}

function sizeOf({ checkIns, concerns, supports, followUps }: WelfareRecords): number {
  return checkIns.length + concerns.length + supports.length + followUps.length;
}

function Records({ records }: { records: WelfareRecords }) {
  const { person } = useSession();
  const people = usePeople();
  const own = (record: { person: string }) => record.person === person;
  const name = (of: string) => (of === person ? 'you' : nameIn(people, of));
  return (
    <ul className="record-list">
      {records.followUps.map((followUp) => {
        const due = fromProtoDate(followUp.dueDate);
        return (
          <SealedRow
            key={followUp.name}
            href={`/wellbeing/follow-ups/${idOf(followUp.name)}`}
            title={own(followUp) ? `${nameIn(people, followUp.holder)} has promised you something` : `Promised to ${nameIn(people, followUp.person)}`}
          >
            {[FOLLOW_UP_WORDS[followUp.state], due && `until ${sayDay(due)}`].filter(Boolean).join(' · ')}
            {isOverdue(followUp, today()) && <span className="overdue"> overdue</span>}
          </SealedRow>
        );
      })}
      {records.checkIns.map((checkIn) => {
        const at = toInstant(checkIn.heldTime) ?? toInstant(checkIn.plannedTime);
        return (
          <SealedRow
            key={checkIn.name}
            href={`/wellbeing/check-ins/${idOf(checkIn.name)}`}
            title={own(checkIn) ? `Check-in with ${nameIn(people, checkIn.holder)}` : `Check-in of ${nameIn(people, checkIn.person)}`}
          >
            {[CHECK_IN_WORDS[checkIn.state], at && `${sayDay(dayOf(at))} ${clockOf(at)}`].filter(Boolean).join(' · ')}
          </SealedRow>
        );
      })}
      {records.supports.map((support) => {
        const start = fromProtoDate(support.startDate);
        return (
          <SealedRow key={support.name} href={`/wellbeing/supports/${idOf(support.name)}`} title={own(support) ? SUPPORT_WORDS[support.kind] : `Support of ${nameIn(people, support.person)}`}>
            {[SUPPORT_STATES[support.state], name(support.holder), start && `since ${sayDay(start)}`].filter(Boolean).join(' · ')}
          </SealedRow>
        );
      })}
      {records.concerns.map((concern) => (
        <SealedRow key={concern.name} href={`/wellbeing/concerns/${idOf(concern.name)}`} title={own(concern) ? 'A worry about you' : `A worry about ${nameIn(people, concern.person)}`}>
          {[CONCERN_WORDS[concern.state], `with ${name(concern.holder)}`, concern.raisedBy === person && 'told by you'].filter(Boolean).join(' · ')}
        </SealedRow>
      ))}
    </ul>
  );
}

function Ask() {
  const { trust } = useSession();
  const client = useClient(WelfareService);
  const queries = useQueryClient();
  const toast = useToast();
  const { run, busy, problem } = useAction();
  const [text, setText] = useState('');
  return (
    <section aria-labelledby="ask-title">
      <h2 id="ask-title" className="section-title">
        Ask for a check-in
      </h2>
      <Form
        onSubmit={() => {
          void run(async () => {
            await client.requestCheckIn({ parent: trust, request: text.trim(), requestId: newRequestId() });
            setText('');
            await queries.invalidateQueries({ queryKey: ['welfare'] });
            toast({ text: 'Asked for. The HR director will get in touch.' });
          });
        }}
      >
        {problem}
        <p className="who-reads">
          <LockIcon size={16} /> The HR director reads it, and you. No administrator, line manager or headteacher can.
        </p>
        <Textarea label="Anything to know beforehand" description="Optional" maxLength={2000} value={text} onChange={(event) => setText(event.currentTarget.value)} />
        <Button type="submit" loading={busy}>
          Ask for a check-in
        </Button>
      </Form>
    </section>
  );
}

// What was opened in an emergency: told to the person and the second officer, and shown to whoever did it.
function Notices() {
  const { person } = useSession();
  const { snapshots } = useServices();
  const queries = useQueryClient();
  const people = usePeople();
  const notices = useNotices().data ?? [];
  const newest = notices[0] && toInstant(notices[0].openTime)?.getTime();
  useEffect(() => {
    if (newest) void snapshots.put(person, NOTICE_SEEN, newest).then(() => queries.invalidateQueries({ queryKey: ['notice-seen'] }));
  }, [snapshots, queries, person, newest]);
  if (notices.length === 0) return null;
  const name = (of: string) => (of === person ? 'you' : nameIn(people, of));
  return (
    <section aria-labelledby="notices-title" className="notices">
      <h2 id="notices-title" className="section-title">
        Opened in an emergency
      </h2>
      <ul className="record-list">
        {notices.map((notice) => {
          const at = toInstant(notice.openTime);
          const who = notice.openedBy === person ? 'You' : nameIn(people, notice.openedBy);
          const whose = notice.person === person ? 'your records' : `the records of ${nameIn(people, notice.person)}`;
          const told = [notice.person, notice.secondOfficer].filter((one) => one !== person).map(name);
          return (
            <li className="record" key={notice.name}>
              <div className="record-open">
                <LockIcon size={20} />
                <span className="record-what">
                  <strong>
                    {who} opened {whose}: {notice.recordCount === 1 ? '1 record was' : `${notice.recordCount} records were`} read
                  </strong>
                  <small>{[at && sayWhen(at), told.length > 0 && `told: ${told.join(', ')}`].filter(Boolean).join(' · ')}</small>
                  <p className="told">
                    <span className="as-of">The reason given:</span> {notice.reason}
                  </p>
                  {notice.person === person && notice.openedBy !== person && (
                    <p className="as-of">You may ask them why. {nameIn(people, notice.secondOfficer)} was told at the same time and can be asked too.</p>
                  )}
                  {notice.secondOfficer === person && notice.openedBy !== person && <p className="as-of">You are told as the second officer: ask whether there was a risk to life.</p>}
                </span>
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
