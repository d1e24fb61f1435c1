// What the pages of sealed records share: who reads them, the holder's two texts, whom the person lets in, promises, and handing over.
// What is typed here is not kept on the device as drafts elsewhere are: a device may be shared, and these texts are for few.
import { create } from '@bufbuild/protobuf';
import { Button, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { newRequestId } from '../../api/ids';
import { idOf } from '../../api/names';
import { useSession } from '../../app/auth';
import { nameIn, usePeople } from '../../app/queries';
import { useClient } from '../../app/services';
import { FollowUpSchema, type Circle as WelfareCircle } from '../../gen/fivestrand/welfare/v1/welfare_pb';
import { WelfareService } from '../../gen/fivestrand/welfare/v1/welfare_service_pb';
import { addDays, fromProtoDate, sayDay, toProtoDate, today } from '../../model/dates';
import { mayHoldCheckIns } from '../../model/roles';
import { useAction } from '../../ui/action';
import { LockIcon } from '../../ui/icons';
import { PageHead } from '../../ui/parts';
import { PersonPicker } from '../../ui/people-picker';
import { useToast } from '../../ui/toast';
import { FOLLOW_UP_WORDS, useOfficers, useWelfare } from './queries';

export interface Matter {
  name: string;
  etag: string;
  person: string;
  holder: string;
  circle?: WelfareCircle;
}

// Runs changes of one record and then reads it anew, also after a refusal: somebody may have been quicker. Texts are written under the
// record's etag; ending it is not, because the person may let somebody in at any time, and that is no reason to refuse.
export function useChange(name: string) {
  const queries = useQueryClient();
  const { run, busy, problem } = useAction();
  const change = (work: () => Promise<unknown>) =>
    run(async () => {
      try {
        await work();
      } finally {
        await Promise.all([queries.invalidateQueries({ queryKey: ['welfare'] }), queries.invalidateQueries({ queryKey: ['matter', name] })]);
      }
    });
  return { change, busy, problem };
}

export function MatterHead({ matter, title, state, raiser }: { matter: Matter; title: string; state: string; raiser?: string }) {
  const session = useSession();
  const people = usePeople();
  const name = (person: string) => (person === session.person ? 'you' : nameIn(people, person));
  const readers = [matter.holder, ...(matter.circle?.readers ?? [])].map(name);
  const own = matter.person === session.person;
  return (
    <>
      <p className="no-print">
        <Link href={matter.holder === session.person && mayHoldCheckIns(session) ? '/wellbeing/held' : '/wellbeing'}>Back</Link>
      </p>
      <PageHead title={title} tab="Wellbeing">
        {state}
      </PageHead>
      <p className="room-lock">
        <LockIcon size={18} />
        <span>
          Read by {readers.join(', ')}; what is agreed{raiser === matter.person && ' and what was told'} also by {own ? 'you' : nameIn(people, matter.person)}
          {raiser && raiser !== matter.person && `; what was told also by ${name(raiser)}, who told it`}. No other role, no administrator.
        </span>
      </p>
    </>
  );
}

export interface Texts {
  note: string;
  agreed: string;
}

// The holder's texts as they are typed, beside what is kept.
export function useTexts(kept: Texts) {
  const [texts, setTexts] = useState<Texts>({ note: kept.note, agreed: kept.agreed });
  const trimmed = { note: texts.note.trim(), agreed: texts.agreed.trim() };
  return { texts, trimmed, changed: trimmed.note !== kept.note || trimmed.agreed !== kept.agreed, set: (fields: Partial<Texts>) => setTexts({ ...texts, ...fields }) };
}

export function TextFields({ texts, set, person }: { texts: Texts; set: (fields: Partial<Texts>) => void; person: string }) {
  const people = usePeople();
  return (
    <>
      <Textarea
        label="Your own note"
        description={`Not shown to ${nameIn(people, person)}.`}
        maxLength={4000}
        minRows={3}
        autosize
        maxRows={14}
        value={texts.note}
        onChange={(event) => set({ note: event.currentTarget.value })}
      />
      <Textarea
        label="What is agreed"
        description={`Shown to ${nameIn(people, person)}.`}
        maxLength={4000}
        minRows={3}
        autosize
        maxRows={14}
        value={texts.agreed}
        onChange={(event) => set({ agreed: event.currentTarget.value })}
      />
    </>
  );
}

// For whoever reads and does not hold it.
export function ReadTexts({ note, agreed }: Texts) {
  return (
    <>
      {note && <Told label="The holder’s note">{note}</Told>}
      <Told label="What is agreed">{agreed || 'nothing written down yet'}</Told>
    </>
  );
}

export function Told({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <h2 className="section-title">{label}</h2>
      <p className="told">{children}</p>
    </div>
  );
}

// Only the person whom it is about can let somebody in.
export function Circle({ matter }: { matter: Matter }) {
  const client = useClient(WelfareService);
  const people = usePeople();
  const { change, busy, problem } = useChange(matter.name);
  const [reader, setReader] = useState('');
  const readers = matter.circle?.readers ?? [];
  return (
    <section aria-labelledby="circle-title" className="form">
      <h2 id="circle-title" className="section-title">
        Whom I have let in
      </h2>
      {problem}
      {readers.length === 0 && <p className="as-of">Nobody so far. Whom you let in reads this record, until you take it back.</p>}
      <ul className="group-list">
        {readers.map((person) => (
          <li key={person}>
            {nameIn(people, person)}{' '}
            <button type="button" className="text-button" disabled={busy} onClick={() => void change(() => client.withdrawReader({ name: matter.name, reader: person }))}>
              Take it back<span className="sr-only"> from {nameIn(people, person)}</span>
            </button>
          </li>
        ))}
      </ul>
      <PersonPicker label="Let somebody read this" people={people} value={reader} onChange={setReader} />
      <Button
        variant="default"
        loading={busy}
        disabled={!reader}
        onClick={() => void change(() => client.agreeReader({ name: matter.name, reader })).then((done) => done && setReader(''))}
      >
        Let them in
      </Button>
    </section>
  );
}

// What was promised about this record, and a way to promise something.
export function Promises({ matter }: { matter: Matter }) {
  const { trust } = useSession();
  const client = useClient(WelfareService);
  const toast = useToast();
  const { change, busy, problem } = useChange(matter.name);
  const [action, setAction] = useState('');
  const [due, setDue] = useState(addDays(today(), 7));
  const made = (useWelfare(true).data?.followUps ?? []).filter(({ record }) => record === matter.name);
  return (
    <section aria-labelledby="promises-title" className="form">
      <h2 id="promises-title" className="section-title">
        Promised about this
      </h2>
      {made.length > 0 && (
        <ul className="group-list">
          {made.map((followUp) => {
            const day = fromProtoDate(followUp.dueDate);
            return (
              <li key={followUp.name}>
                <Link href={`/wellbeing/follow-ups/${idOf(followUp.name)}`}>
                  {FOLLOW_UP_WORDS[followUp.state]}
                  {day && `, until ${sayDay(day)}`}
                </Link>
              </li>
            );
          })}
        </ul>
      )}
      {problem}
      <Textarea label="What will be done" description="Shown to the person." maxLength={2000} value={action} onChange={(event) => setAction(event.currentTarget.value)} />
      <TextInput label="Until" type="date" value={due} onChange={(event) => setDue(event.currentTarget.value)} />
      <Button
        variant="default"
        loading={busy}
        disabled={!action.trim() || !due}
        onClick={() =>
          void change(() =>
            client.createFollowUp({
              parent: trust,
              followUp: create(FollowUpSchema, { record: matter.name, action: action.trim(), dueDate: toProtoDate(due) }),
              requestId: newRequestId(),
            }),
          ).then((done) => {
            if (!done) return;
            setAction('');
            toast({ text: 'Promised. It stands among what is due.' });
          })
        }
      >
        Promise it
      </Button>
    </section>
  );
}

// The holder gives one record to another who may hold it.
export function HandOne({ matter }: { matter: Matter }) {
  const { trust } = useSession();
  const client = useClient(WelfareService);
  const queries = useQueryClient();
  const people = usePeople();
  const officers = useOfficers().data ?? [];
  const toast = useToast();
  const [, navigate] = useLocation();
  const { run, busy, problem } = useAction();
  const [open, setOpen] = useState(false);
  const [to, setTo] = useState('');
  if (!open)
    return (
      <Button variant="default" onClick={() => setOpen(true)}>
        Hand it over
      </Button>
    );
  return (
    <section aria-labelledby="hand-title" className="form">
      <h2 id="hand-title" className="section-title">
        Hand it over
      </h2>
      {problem}
      <p className="who-reads">To an HR director or the CEO. You will not be able to read it any more, unless the person lets you in.</p>
      <PersonPicker label="To whom" people={people} value={to} onChange={setTo} first={officers} />
      <Button
        loading={busy}
        disabled={!to}
        onClick={() =>
          void run(async () => {
            await client.handOver({ parent: trust, to, record: matter.name, requestId: newRequestId() });
            navigate('/wellbeing/held');
            toast({ text: 'Handed over.' });
            await queries.invalidateQueries({ queryKey: ['welfare'] });
          })
        }
      >
        Hand it over
      </Button>
    </section>
  );
}
