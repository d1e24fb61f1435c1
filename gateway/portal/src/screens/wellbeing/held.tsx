// The HR director's check-ins, concerns, support and promises: what is due first.
import { create } from '@bufbuild/protobuf';
import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { newRequestId } from '../../api/ids';
import { idOf } from '../../api/names';
import { useSession } from '../../app/auth';
import { useAnsweredThread, useParam } from '../../app/hooks';
import { nameIn, usePeople } from '../../app/queries';
import { useClient } from '../../app/services';
import { CheckInSchema, FollowUp_State, FollowUpSchema, Support_Kind, Support_State, SupportSchema, WelfareConcern_State } from '../../gen/fivestrand/welfare/v1/welfare_pb';
import { WelfareService } from '../../gen/fivestrand/welfare/v1/welfare_service_pb';
import { addDays, clockOf, dayOf, fromProtoDate, instantOf, sayDay, toInstant, toProtoDate, toTimestamp, today } from '../../model/dates';
import { useAction } from '../../ui/action';
import { ChevronIcon, LockIcon, PlusIcon } from '../../ui/icons';
import { Empty, Loading, PageHead, ProblemNote } from '../../ui/parts';
import { PersonPicker } from '../../ui/people-picker';
import { Sheet } from '../../ui/sheet';
import { CHECK_IN_WORDS, SUPPORT_WORDS, useWelfare } from './queries';

type Kind = 'check-in' | 'support' | 'follow-up';
const KINDS: { value: Kind; label: string }[] = [
  { value: 'check-in', label: 'A check-in' },
  { value: 'support', label: 'Support that was agreed' },
  { value: 'follow-up', label: 'A promise until a day' },
];

export default function HeldScreen() {
  const { person } = useSession();
  const people = usePeople();
  const adding = useParam('add');
  const [ended, setEnded] = useState(false);
  const query = useWelfare(ended);
  const client = useClient(WelfareService);
  const queries = useQueryClient();
  const { run, busy, problem } = useAction();
  const held = <T extends { holder: string }>(records: T[] | undefined) => (records ?? []).filter(({ holder }) => holder === person);
  const refetch = () => queries.invalidateQueries({ queryKey: ['welfare'] });
  const now = today();
  const followUps = held(query.data?.followUps).sort((a, b) => (fromProtoDate(a.dueDate) ?? '').localeCompare(fromProtoDate(b.dueDate) ?? ''));
  return (
    <>
      <PageHead
        title="Check-ins"
        actions={
          <Button leftSection={<PlusIcon size={20} />} onClick={() => adding.open('check-in')}>
            New
          </Button>
        }
      >
        Yours to hold. Each reading of a text is written down in the audit trail.
      </PageHead>
      {problem}
      <Button variant="default" onClick={() => setEnded(!ended)}>
        {ended ? 'Only what is open' : 'Show what has ended too'}
      </Button>
      {query.isPending && <Loading lines={5} />}
      {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="The records" />}
      {query.data && (
        <div className="side-by-side">
          <section aria-labelledby="held-title">
            <h2 id="held-title" className="section-title">
              Check-ins
            </h2>
            {held(query.data.checkIns).length === 0 && <Empty title="None is open" />}
            <ul className="record-list">
              {held(query.data.checkIns).map((checkIn) => {
                const at = toInstant(checkIn.heldTime) ?? toInstant(checkIn.plannedTime);
                return (
                  <li className="record" key={checkIn.name}>
                    <Link className="record-open" href={`/wellbeing/check-ins/${idOf(checkIn.name)}`}>
                      <LockIcon size={20} />
                      <span className="record-what">
                        <strong>{nameIn(people, checkIn.person)}</strong>
                        <small>{[CHECK_IN_WORDS[checkIn.state], at && `${sayDay(dayOf(at))} ${clockOf(at)}`].filter(Boolean).join(' · ')}</small>
                      </span>
                      <ChevronIcon size={18} className="record-chevron" />
                    </Link>
                  </li>
                );
              })}
            </ul>
            <h2 className="section-title">Concerns about staff</h2>
            {held(query.data.concerns).length === 0 && <Empty title="None is open" />}
            <ul className="record-list">
              {held(query.data.concerns).map((concern) => (
                <li className="record" key={concern.name}>
                  <div className="record-open">
                    <LockIcon size={20} />
                    <span className="record-what">
                      <strong>{nameIn(people, concern.person)}</strong>
                      <small>
                        {concern.state === WelfareConcern_State.RAISED ? 'New' : concern.state === WelfareConcern_State.IN_HAND ? 'In hand' : 'Closed'}
                        {concern.raisedBy && ` · raised by ${nameIn(people, concern.raisedBy)}`}
                      </small>
                    </span>
                    {concern.state !== WelfareConcern_State.CLOSED && (
                      <Button
                        variant="default"
                        loading={busy}
                        onClick={() =>
                          void run(async () => {
                            await client.closeWelfareConcern({ name: concern.name, etag: concern.etag, requestId: newRequestId() });
                            await refetch();
                          })
                        }
                      >
                        Close
                      </Button>
                    )}
                  </div>
                </li>
              ))}
            </ul>
          </section>
          <section aria-labelledby="promises-title">
            <h2 id="promises-title" className="section-title">
              Promised
            </h2>
            {followUps.length === 0 && <Empty title="Nothing is open" />}
            <ul className="record-list">
              {followUps.map((followUp) => {
                const due = fromProtoDate(followUp.dueDate);
                const open = followUp.state === FollowUp_State.OPEN;
                return (
                  <li className="record" key={followUp.name}>
                    <div className="record-open">
                      <span className="record-what">
                        <strong>{nameIn(people, followUp.person)}</strong>
                        <small>
                          {due && `until ${sayDay(due)}`}
                          {open && due && due < now && <span className="overdue"> overdue</span>}
                        </small>
                      </span>
                      {open && (
                        <Button
                          variant="default"
                          loading={busy}
                          onClick={() =>
                            void run(async () => {
                              await client.finishFollowUp({ name: followUp.name, etag: followUp.etag, requestId: newRequestId() });
                              await refetch();
                            })
                          }
                        >
                          Done
                        </Button>
                      )}
                    </div>
                  </li>
                );
              })}
            </ul>
            <h2 className="section-title">Support in place</h2>
            {held(query.data.supports).length === 0 && <Empty title="None" />}
            <ul className="record-list">
              {held(query.data.supports).map((support) => (
                <li className="record" key={support.name}>
                  <div className="record-open">
                    <LockIcon size={20} />
                    <span className="record-what">
                      <strong>{nameIn(people, support.person)}</strong>
                      <small>{SUPPORT_WORDS[support.kind]}</small>
                    </span>
                    {support.state === Support_State.IN_PLACE && (
                      <Button
                        variant="default"
                        loading={busy}
                        onClick={() =>
                          void run(async () => {
                            await client.finishSupport({ name: support.name, etag: support.etag, requestId: newRequestId() });
                            await refetch();
                          })
                        }
                      >
                        Done
                      </Button>
                    )}
                  </div>
                </li>
              ))}
            </ul>
          </section>
        </div>
      )}
      <Sheet opened={adding.value !== undefined} onClose={adding.close} title="New">
        {adding.value !== undefined && <NewRecord onDone={adding.close} />}
      </Sheet>
    </>
  );
}

function NewRecord({ onDone }: { onDone: () => void }) {
  const session = useSession();
  const client = useClient(WelfareService);
  const queries = useQueryClient();
  const people = usePeople();
  const { run, busy, problem } = useAction();
  const [kind, setKind] = useState<Kind>('check-in');
  const [person, setPerson] = useState('');
  const [day, setDay] = useState(addDays(today(), 1));
  const [clock, setClock] = useState('16:00');
  const [support, setSupport] = useState(Support_Kind.WORKLOAD);
  const [text, setText] = useState('');
  const thread = useAnsweredThread();
  const save = async () => {
    const base = { parent: session.trust, requestId: newRequestId() };
    if (kind === 'check-in') {
      const checkIn = create(CheckInSchema, { person, plannedTime: toTimestamp(instantOf(day, clock)), improvementThread: thread });
      await client.createCheckIn({ ...base, checkIn });
    } else if (kind === 'support') {
      await client.createSupport({
        ...base,
        support: create(SupportSchema, { person, kind: support, startDate: toProtoDate(day), agreed: text.trim(), improvementThread: thread }),
      });
    } else {
      await client.createFollowUp({ ...base, followUp: create(FollowUpSchema, { person, action: text.trim(), dueDate: toProtoDate(day) }) });
    }
    await queries.invalidateQueries({ queryKey: ['welfare'] });
    onDone();
  };
  const complete = person && day && (kind !== 'follow-up' || text.trim());
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (complete) void run(save);
      }}
    >
      {problem}
      <NativeSelect label="What" value={kind} data={KINDS} onChange={(event) => setKind(event.currentTarget.value as Kind)} />
      <PersonPicker label="For whom" people={people} value={person} onChange={setPerson} />
      <div className="form-pair">
        <TextInput label={kind === 'follow-up' ? 'Until' : kind === 'support' ? 'From' : 'Day'} type="date" value={day} onChange={(event) => setDay(event.currentTarget.value)} />
        {kind === 'check-in' && <TextInput label="Time" type="time" value={clock} onChange={(event) => setClock(event.currentTarget.value)} />}
      </div>
      {kind === 'support' && (
        <NativeSelect
          label="Kind"
          value={String(support)}
          data={Object.entries(SUPPORT_WORDS)
            .filter(([value]) => value !== '0')
            .map(([value, label]) => ({ value, label }))}
          onChange={(event) => setSupport(Number(event.currentTarget.value))}
        />
      )}
      {kind !== 'check-in' && (
        <Textarea
          label={kind === 'support' ? 'What is agreed' : 'What will be done'}
          description="Shown to the person."
          maxLength={2000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
      <p className="who-reads">
        <LockIcon size={16} /> Read by you, the person, and whom the person lets in.
        {thread && ' The thread shows that support is in place, and nothing else.'}
      </p>
      <Button type="submit" loading={busy} disabled={!complete}>
        Keep it
      </Button>
    </form>
  );
}
