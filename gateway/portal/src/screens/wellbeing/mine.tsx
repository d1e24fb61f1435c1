// What concerns oneself: a pulse to answer, check-ins and support, who has been let in, and whether a seal was opened.
import { Button, Textarea } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { newRequestId } from '../../api/ids';
import { idOf } from '../../api/names';
import { useSession } from '../../app/auth';
import { nameIn, usePeople } from '../../app/queries';
import { useClient } from '../../app/services';
import { WelfareService } from '../../gen/fivestrand/welfare/v1/welfare_service_pb';
import { clockOf, dayOf, fromProtoDate, sayDay, sayWhen, toInstant } from '../../model/dates';
import { useAction } from '../../ui/action';
import { ChevronIcon, LockIcon, WellbeingIcon } from '../../ui/icons';
import { Empty, Loading, PageHead, ProblemNote } from '../../ui/parts';
import { useToast } from '../../ui/toast';
import { CHECK_IN_WORDS, FOLLOW_UP_WORDS, SUPPORT_WORDS, useOpenPulses, useWelfare } from './queries';

export default function MineScreen() {
  const { person } = useSession();
  const people = usePeople();
  const query = useWelfare(true);
  const pulses = useOpenPulses();
  const about = <T extends { person: string }>(records: T[] | undefined) => (records ?? []).filter((record) => record.person === person);
  const checkIns = about(query.data?.checkIns);
  const supports = about(query.data?.supports);
  const followUps = about(query.data?.followUps);
  const waiting = (pulses.data ?? []).filter(({ answered }) => !answered);
  return (
    <>
      <PageHead title="Wellbeing">What is between you and the HR director, and nobody else unless you let them in.</PageHead>
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
          <Notices />
        </div>
        <section aria-labelledby="about-title">
          <h2 id="about-title" className="section-title">
            About me
          </h2>
          {query.isPending && <Loading lines={3} />}
          {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="Your records" />}
          {query.data && checkIns.length + supports.length + followUps.length === 0 && <Empty title="Nothing is kept">A check-in that you have, and support that is agreed with you, stands here.</Empty>}
          <ul className="record-list">
            {checkIns.map((checkIn) => {
              const at = toInstant(checkIn.heldTime) ?? toInstant(checkIn.plannedTime);
              return (
                <li className="record" key={checkIn.name}>
                  <Link className="record-open" href={`/wellbeing/check-ins/${idOf(checkIn.name)}`}>
                    <LockIcon size={20} />
                    <span className="record-what">
                      <strong>Check-in with {nameIn(people, checkIn.holder)}</strong>
                      <small>{[CHECK_IN_WORDS[checkIn.state], at && `${sayDay(dayOf(at))} ${clockOf(at)}`].filter(Boolean).join(' · ')}</small>
                    </span>
                    <ChevronIcon size={18} className="record-chevron" />
                  </Link>
                </li>
              );
            })}
            {supports.map((support) => {
              const start = fromProtoDate(support.startDate);
              return (
                <li className="record" key={support.name}>
                  <div className="record-open">
                    <LockIcon size={20} />
                    <span className="record-what">
                      <strong>{SUPPORT_WORDS[support.kind]}</strong>
                      <small>{[nameIn(people, support.holder), start && `since ${sayDay(start)}`].filter(Boolean).join(' · ')}</small>
                    </span>
                  </div>
                </li>
              );
            })}
            {followUps.map((followUp) => {
              const due = fromProtoDate(followUp.dueDate);
              return (
                <li className="record" key={followUp.name}>
                  <div className="record-open">
                    <span className="record-what">
                      <strong>{nameIn(people, followUp.holder)} has promised something</strong>
                      <small>{[FOLLOW_UP_WORDS[followUp.state], due && `until ${sayDay(due)}`].filter(Boolean).join(' · ')}</small>
                    </span>
                  </div>
                </li>
              );
            })}
          </ul>
        </section>
      </div>
    </>
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
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
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
      </form>
    </section>
  );
}

function Notices() {
  const { trust, person } = useSession();
  const client = useClient(WelfareService);
  const people = usePeople();
  const query = useQuery({ queryKey: ['welfare', trust, 'notices'], queryFn: ({ signal }) => client.listNotices({ parent: trust, pageSize: 50 }, { signal }) });
  const notices = query.data?.notices ?? [];
  if (notices.length === 0) return null;
  return (
    <section aria-labelledby="notices-title">
      <h2 id="notices-title" className="section-title">
        Opened in an emergency
      </h2>
      <ul className="record-list">
        {notices.map((notice) => {
          const at = toInstant(notice.openTime);
          return (
            <li className="record" key={notice.name}>
              <div className="record-open">
                <span className="record-what">
                  <strong>
                    {nameIn(people, notice.openedBy)} read {notice.recordCount} {notice.recordCount === 1 ? 'record' : 'records'} about{' '}
                    {notice.person === person ? 'you' : nameIn(people, notice.person)}
                  </strong>
                  <small>{[at && sayWhen(at), notice.reason].filter(Boolean).join(' · ')}</small>
                </span>
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
