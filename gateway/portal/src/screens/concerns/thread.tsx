// An improvement thread: the signal, the answers as lanes by strand, the measure over the same time, then and now, and how it ended.
import { Button, NativeSelect, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { newRequestId } from '../../api/ids';
import { idOf } from '../../api/names';
import { useSession } from '../../app/auth';
import { refetchFor } from '../../app/live';
import { useTimeline } from '../../app/improvement-queries';
import { nameIn, usePeople } from '../../app/queries';
import { useServices } from '../../app/services';
import { ImprovementThread_State, Outcome } from '../../gen/fivestrand/leadership/v1/improvement_pb';
import type { ThreadTimeline } from '../../gen/fivestrand/leadership/v1/improvement_service_pb';
import { dayOf, sayDay, sayWhen, toInstant, today } from '../../model/dates';
import { oncePerSeries } from '../../model/effects';
import { lanesOf, spanOf } from '../../model/concerns';
import { mayAnswerConcerns, mayHoldCheckIns, mayRecord, mayWriteVisits } from '../../model/roles';
import { OUTCOME_WORDS, RULE_WORDS, THREAD_WORDS } from '../../model/words';
import { useAction } from '../../ui/action';
import { Form } from '../../ui/form';
import { ChevronIcon, PrintIcon } from '../../ui/icons';
import { Empty, Loading, PageHead, ProblemNote } from '../../ui/parts';
import { ReasonForm } from './concern';
import { EffectSection } from './effect';
import { Lanes } from './lanes';
import './concerns.css';

export default function ThreadScreen({ name }: { name: string }) {
  const query = useTimeline(name);
  const timeline = query.data;
  return (
    <>
      <p className="no-print">
        <Link href="/concerns">All concerns and threads</Link>
      </p>
      {query.isPending && <Loading lines={6} label="Loading the thread" />}
      {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="The thread" />}
      {timeline?.thread && <Thread timeline={timeline} />}
    </>
  );
}

function Thread({ timeline }: { timeline: ThreadTimeline }) {
  const session = useSession();
  const people = usePeople();
  const { thread, concerns, responses, effects } = timeline;
  if (!thread) return null;
  const now = today();
  const lanes = lanesOf(responses, now);
  const span = spanOf(timeline, lanes, now);
  const opened = toInstant(thread.openTime);
  const closed = toInstant(thread.closeTime);
  const answering = mayAnswerConcerns(session, thread.school || undefined);
  const ended = thread.state === ImprovementThread_State.CLOSED;
  return (
    <>
      <PageHead
        title={thread.title}
        actions={
          <Button className="no-print" variant="default" leftSection={<PrintIcon size={20} />} onClick={() => window.print()}>
            Print
          </Button>
        }
      >
        {[
          session.schools.find(({ name }) => name === thread.school)?.displayName ?? 'The trust as a whole',
          ended ? `Closed: ${OUTCOME_WORDS[thread.outcome].toLowerCase()}` : THREAD_WORDS[thread.state],
          thread.lead && `led by ${nameIn(people, thread.lead)}`,
          opened && `opened ${sayDay(dayOf(opened))}`,
        ]
          .filter(Boolean)
          .join(' · ')}
      </PageHead>
      {thread.aim && <p>{thread.aim}</p>}
      {ended && (
        <p className="thread-end">
          {closed && `Closed ${sayWhen(closed)}`}
          {thread.closedBy && ` by ${nameIn(people, thread.closedBy)}`}
          {thread.closingNote && `: ${thread.closingNote}`}
        </p>
      )}
      <section aria-labelledby="signal-title">
        <h2 id="signal-title" className="section-title">
          The signal
        </h2>
        <ul className="record-list">
          {concerns.map((concern) => (
            <li className="record" key={concern.name}>
              <Link className="record-open" href={`/concerns?concern=${idOf(concern.name)}`}>
                <span className="record-what">
                  <strong>{concern.headline}</strong>
                  <small>
                    {RULE_WORDS[concern.rule]}
                    {concern.accountable && ` · ${nameIn(people, concern.accountable)}`}
                  </small>
                </span>
                <ChevronIcon size={18} className="record-chevron" />
              </Link>
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="answers-title">
        <h2 id="answers-title" className="section-title">
          What was done
        </h2>
        {responses.length === 0 && (
          <Empty title="Nothing yet">A coaching cycle, a booking, a check-in, a visit or a drop-in that names this thread appears here.</Empty>
        )}
        {responses.length > 0 && <Lanes lanes={lanes} span={span} />}
        {!ended && answering && <Respond thread={idOf(thread.name)} school={idOf(thread.school)} schoolName={thread.school || undefined} />}
      </section>
      {oncePerSeries(effects).map((effect) => (
        <EffectSection key={effect.concern} effect={effect} span={span} firstResponse={thread.firstResponseDate} />
      ))}
      {answering && (ended ? <Reopen timeline={timeline} /> : <Close timeline={timeline} />)}
    </>
  );
}

// Where a response is recorded: each place takes the thread along. Only places that are open to this person.
function Respond({ thread, school, schoolName }: { thread: string; school: string; schoolName: string | undefined }) {
  const session = useSession();
  const ways = [
    { href: `/learning/coaching?begin=new&thread=${thread}`, label: 'Coaching', open: true },
    { href: `/learning?thread=${thread}`, label: 'A course', open: true },
    { href: `/wellbeing/held?add=check-in&thread=${thread}`, label: 'A check-in', open: mayHoldCheckIns(session) },
    { href: `/visits?visit=new${school ? `-${school}` : ''}&thread=${thread}`, label: 'A visit', open: mayWriteVisits(session, schoolName) },
    { href: `/schools/${school}/day?thread=${thread}`, label: 'A drop-in', open: school !== '' && mayRecord(session, schoolName) },
  ].filter(({ open }) => open);
  return (
    <div className="respond no-print">
      <h3 className="record-day">Answer it with</h3>
      <ul className="answer-ways">
        {ways.map(({ href, label }) => (
          <li key={label}>
            <Button component={Link} href={href} variant="default">
              {label}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}

const ENDINGS = [Outcome.IMPROVED, Outcome.UNCHANGED, Outcome.WORSE, Outcome.SUPERSEDED];

function Close({ timeline }: { timeline: ThreadTimeline }) {
  const { clients } = useServices();
  const queries = useQueryClient();
  const { run, busy, problem } = useAction();
  const thread = timeline.thread;
  const shown = timeline.effects.map(({ outcome }) => outcome).filter((outcome) => ENDINGS.includes(outcome));
  const conclusive = shown.length > 0;
  const [outcome, setOutcome] = useState<Outcome>(shown[0] ?? Outcome.SUPERSEDED);
  const [note, setNote] = useState('');
  if (!thread) return null;
  const needsNote = outcome === Outcome.SUPERSEDED && note.trim() === '';
  return (
    <section aria-labelledby="close-title" className="no-print">
      <h2 id="close-title" className="section-title">
        Close it
      </h2>
      <Form
        onSubmit={() => {
          if (needsNote) return;
          void run(async () => {
            await clients.improvement.closeImprovementThread({
              name: thread.name,
              etag: thread.etag,
              outcome,
              closingNote: note.trim(),
              requestId: newRequestId(),
            });
            refetchFor(queries, 'fivestrand/ImprovementThread', thread.name);
          });
        }}
      >
        {problem}
        {!conclusive && <p className="who-reads">No final reading lies wholly after the first response yet: it can only be closed as overtaken, with a reason.</p>}
        <NativeSelect
          label="It came out as"
          value={String(outcome)}
          data={ENDINGS.filter((ending) => conclusive || ending === Outcome.SUPERSEDED).map((ending) => ({
            value: String(ending),
            label: OUTCOME_WORDS[ending],
          }))}
          onChange={(event) => setOutcome(Number(event.currentTarget.value) as Outcome)}
        />
        <Textarea
          label={outcome === Outcome.SUPERSEDED ? 'Why' : 'What you make of it'}
          value={note}
          maxLength={2000}
          required={outcome === Outcome.SUPERSEDED}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Button type="submit" loading={busy} disabled={needsNote}>
          Close the thread
        </Button>
      </Form>
    </section>
  );
}

function Reopen({ timeline }: { timeline: ThreadTimeline }) {
  const { clients } = useServices();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const thread = timeline.thread;
  if (!thread) return null;
  return (
    <section className="no-print" aria-label="Open it again">
      {!asking && (
        <Button variant="default" mt="md" onClick={() => setAsking(true)}>
          Open it again
        </Button>
      )}
      {asking && (
        <ReasonForm
          label="Why is it opened again?"
          button="Open it again"
          onSend={async (reason) => {
            await clients.improvement.reopenImprovementThread({ name: thread.name, etag: thread.etag, reason, requestId: newRequestId() });
            refetchFor(queries, 'fivestrand/ImprovementThread', thread.name);
          }}
        />
      )}
    </section>
  );
}
