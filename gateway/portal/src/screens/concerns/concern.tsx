// One concern: the signal with its evidence as it stood, who is accountable, and what can be done about it.
import { create } from '@bufbuild/protobuf';
import { Button, Checkbox, Textarea, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { newRequestId } from '../../api/ids';
import { idOf } from '../../api/names';
import { useSession } from '../../app/auth';
import { refetchFor } from '../../app/live';
import { nameIn, usePeople, useSubjects } from '../../app/queries';
import { useServices } from '../../app/services';
import { Concern_State, ImprovementThreadSchema, type Concern } from '../../gen/fivestrand/leadership/v1/improvement_pb';
import { dayOf, fromProtoDate, sayDay, sayWhen, toInstant } from '../../model/dates';
import { mayAnswerConcerns } from '../../model/roles';
import { CONCERN_WORDS, RULE_WORDS, sayCut } from '../../model/words';
import { useAction } from '../../ui/action';
import { Form } from '../../ui/form';
import { Loading, ProblemNote } from '../../ui/parts';
import { PersonPicker } from '../../ui/people-picker';
import { Sheet } from '../../ui/sheet';
import { ReadingsTable } from './readings';

const SHORTEST_REASON = 3;

export function ConcernSheet({ name, open, onClose }: { name: string | undefined; open: Concern[]; onClose: () => void }) {
  const { clients } = useServices();
  const query = useQuery({
    queryKey: ['concerns', name],
    enabled: name !== undefined,
    queryFn: ({ signal }) => clients.improvement.getConcern({ name: name ?? '' }, { signal }),
  });
  return (
    <Sheet opened={name !== undefined} onClose={onClose} title="Concern" wide>
      {name && query.isPending && <Loading lines={5} />}
      {name && query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && <Detail concern={query.data} others={open} />}
    </Sheet>
  );
}

function Detail({ concern, others }: { concern: Concern; others: Concern[] }) {
  const session = useSession();
  const people = usePeople();
  const subjects = useSubjects();
  const raised = toInstant(concern.raiseTime);
  const acknowledged = toInstant(concern.acknowledgeTime);
  const signal = fromProtoDate(concern.signalDate);
  const cut = sayCut(concern.cut, (subject) => nameIn(subjects, subject));
  const school = session.schools.find(({ name }) => name === concern.school);
  const waits = concern.state === Concern_State.RAISED || concern.state === Concern_State.ACKNOWLEDGED;
  return (
    <div className="form">
      <p className="concern-headline">{concern.headline}</p>
      <dl className="facts">
        <div>
          <dt>Where</dt>
          <dd>{[school?.displayName ?? 'The trust as a whole', cut].filter(Boolean).join(', ')}</dd>
        </div>
        <div>
          <dt>What raised it</dt>
          <dd>
            {RULE_WORDS[concern.rule]}
            {signal && `, of ${sayDay(signal)}`}
          </dd>
        </div>
        {concern.seen && (
          <div>
            <dt>What was seen{concern.raisedBy && ` by ${nameIn(people, concern.raisedBy)}`}</dt>
            <dd>{concern.seen}</dd>
          </div>
        )}
        <div>
          <dt>Accountable</dt>
          <dd>{concern.accountable ? nameIn(people, concern.accountable) : 'Nobody holds the post'}</dd>
        </div>
        <div>
          <dt>State</dt>
          <dd>
            {CONCERN_WORDS[concern.state]}
            {raised && `, raised ${sayWhen(raised)}`}
            {acknowledged && `, acknowledged ${sayDay(dayOf(acknowledged))}`}
            {concern.reason && `: ${concern.reason}`}
          </dd>
        </div>
      </dl>
      {concern.evidence.length > 0 && <ReadingsTable readings={concern.evidence} caption="The readings as they stood when it was raised, and those that joined." />}
      {concern.thread && (
        <p>
          <Link href={`/concerns/threads/${idOf(concern.thread)}`}>To the thread that answers it</Link>
        </p>
      )}
      {waits && mayAnswerConcerns(session, concern.school || undefined) && <Answer concern={concern} others={others} />}
    </div>
  );
}

type Way = 'thread' | 'dismiss' | 'hand-on';

function Answer({ concern, others }: { concern: Concern; others: Concern[] }) {
  const { clients } = useServices();
  const queries = useQueryClient();
  const { run, busy, problem } = useAction();
  const [way, setWay] = useState<Way | undefined>();
  const refetch = () => refetchFor(queries, 'fivestrand/Concern', concern.name);
  const base = { name: concern.name, etag: concern.etag };
  return (
    <div className="form">
      {problem}
      <div className="answer-ways">
        {concern.state === Concern_State.RAISED && (
          <Button
            variant="default"
            loading={busy}
            onClick={() =>
              void run(async () => {
                await clients.improvement.acknowledgeConcern({ ...base, requestId: newRequestId() });
                refetch();
              })
            }
          >
            I have seen it
          </Button>
        )}
        <Button variant={way === 'thread' ? 'filled' : 'default'} onClick={() => setWay('thread')}>
          Open a thread
        </Button>
        <Button variant={way === 'hand-on' ? 'filled' : 'default'} onClick={() => setWay('hand-on')}>
          Hand on
        </Button>
        <Button variant={way === 'dismiss' ? 'filled' : 'default'} onClick={() => setWay('dismiss')}>
          Dismiss
        </Button>
      </div>
      {way === 'thread' && <OpenThread concern={concern} others={others} />}
      {way === 'dismiss' && (
        <ReasonForm
          label="Why is no answer needed? This stays with the concern."
          button="Dismiss with this reason"
          onSend={async (reason) => {
            await clients.improvement.dismissConcern({ ...base, reason, requestId: newRequestId() });
            refetch();
          }}
        />
      )}
      {way === 'hand-on' && <HandOn concern={concern} onDone={refetch} />}
    </div>
  );
}

export function ReasonForm(props: { label: string; button: string; onSend: (text: string) => Promise<void> }) {
  const { run, busy, problem } = useAction();
  const [text, setText] = useState('');
  return (
    <Form
      onSubmit={() => {
        if (text.trim().length >= SHORTEST_REASON) void run(() => props.onSend(text.trim()));
      }}
    >
      {problem}
      <Textarea label={props.label} value={text} maxLength={1000} required onChange={(event) => setText(event.currentTarget.value)} />
      <Button type="submit" loading={busy} disabled={text.trim().length < SHORTEST_REASON}>
        {props.button}
      </Button>
    </Form>
  );
}

function HandOn({ concern, onDone }: { concern: Concern; onDone: () => void }) {
  const { clients } = useServices();
  const people = usePeople();
  const { run, busy, problem } = useAction();
  const [person, setPerson] = useState('');
  return (
    <Form
      onSubmit={() => {
        if (!person) return;
        void run(async () => {
          await clients.improvement.handOnConcern({ name: concern.name, etag: concern.etag, accountable: person, requestId: newRequestId() });
          onDone();
        });
      }}
    >
      {problem}
      <PersonPicker label="Who answers for it from now on" people={people} value={person} onChange={setPerson} />
      <Button type="submit" loading={busy} disabled={!person}>
        Hand on
      </Button>
    </Form>
  );
}

function OpenThread({ concern, others }: { concern: Concern; others: Concern[] }) {
  const session = useSession();
  const { clients } = useServices();
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const { run, busy, problem } = useAction();
  const [title, setTitle] = useState(concern.headline.slice(0, 120));
  const [aim, setAim] = useState('');
  const [also, setAlso] = useState<string[]>([]);
  const related = others
    .filter((other) => other.name !== concern.name && other.state !== Concern_State.IN_THREAD && other.school === concern.school)
    .slice(0, 10);
  return (
    <Form
      onSubmit={() => {
        if (!title.trim()) return;
        void run(async () => {
          const thread = await clients.improvement.openImprovementThread({
            parent: session.trust,
            improvementThread: create(ImprovementThreadSchema, { title: title.trim(), aim: aim.trim() }),
            concerns: [concern.name, ...also],
            requestId: newRequestId(),
          });
          refetchFor(queries, 'fivestrand/ImprovementThread', thread.name);
          navigate(`/concerns/threads/${idOf(thread.name)}`);
        });
      }}
    >
      {problem}
      <TextInput label="Title" value={title} maxLength={200} required onChange={(event) => setTitle(event.currentTarget.value)} />
      <Textarea
        label="What should be reached"
        description="Optional"
        value={aim}
        maxLength={1000}
        onChange={(event) => setAim(event.currentTarget.value)}
      />
      {related.length > 0 && (
        <Checkbox.Group label="Also answers" value={also} onChange={setAlso}>
          <div className="also">
            {related.map((other) => (
              <Checkbox key={other.name} value={other.name} label={other.headline} size="md" />
            ))}
          </div>
        </Checkbox.Group>
      )}
      <Button type="submit" loading={busy} disabled={!title.trim()}>
        Open the thread
      </Button>
    </Form>
  );
}
