// What an HR director begins: a check-in, support, a promise, or the record of a worry.
import { create } from '@bufbuild/protobuf';
import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newRequestId } from '../../api/ids';
import { useSession } from '../../app/auth';
import { useAnsweredThread } from '../../app/hooks';
import { usePeople } from '../../app/queries';
import { useClient } from '../../app/services';
import { CheckInSchema, FollowUpSchema, Support_Kind, SupportSchema, WelfareConcernSchema } from '../../gen/fivestrand/welfare/v1/welfare_pb';
import { WelfareService } from '../../gen/fivestrand/welfare/v1/welfare_service_pb';
import { addDays, instantOf, toProtoDate, toTimestamp, today } from '../../model/dates';
import { useAction } from '../../ui/action';
import { Form } from '../../ui/form';
import { LockIcon } from '../../ui/icons';
import { PersonPicker } from '../../ui/people-picker';
import { WordSelect } from '../../ui/word-select';
import { SUPPORT_WORDS } from './queries';

type Kind = 'check-in' | 'support' | 'follow-up' | 'concern';
const KINDS: { value: Kind; label: string }[] = [
  { value: 'check-in', label: 'A check-in' },
  { value: 'support', label: 'Support that was agreed' },
  { value: 'follow-up', label: 'A promise until a day' },
  { value: 'concern', label: 'A worry about somebody' },
];
const TEXT: Record<Kind, { label: string; description: string; most: number } | undefined> = {
  'check-in': undefined,
  support: { label: 'What is agreed', description: 'Shown to the person.', most: 4000 },
  'follow-up': { label: 'What will be done', description: 'Shown to the person.', most: 2000 },
  concern: { label: 'What was seen or heard', description: 'Never shown to the person. It cannot be changed afterwards.', most: 4000 },
};

export function NewRecord({ onDone }: { onDone: () => void }) {
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
    } else if (kind === 'follow-up') {
      await client.createFollowUp({ ...base, followUp: create(FollowUpSchema, { person, action: text.trim(), dueDate: toProtoDate(day) }) });
    } else {
      await client.createWelfareConcern({ ...base, welfareConcern: create(WelfareConcernSchema, { person, text: text.trim() }) });
    }
    await queries.invalidateQueries({ queryKey: ['welfare'] });
    onDone();
  };
  const words = TEXT[kind];
  const complete = person && (kind === 'concern' || day) && (kind === 'check-in' ? clock : kind === 'support' || text.trim());
  return (
    <Form
      onSubmit={() => {
        if (complete) void run(save);
      }}
    >
      {problem}
      <NativeSelect label="What" value={kind} data={KINDS} onChange={(event) => setKind(event.currentTarget.value as Kind)} />
      <PersonPicker label={kind === 'concern' ? 'About whom' : 'For whom'} people={people} value={person} onChange={setPerson} />
      {kind !== 'concern' && (
        <div className="form-pair">
          <TextInput label={kind === 'follow-up' ? 'Until' : kind === 'support' ? 'From' : 'Day'} type="date" value={day} onChange={(event) => setDay(event.currentTarget.value)} />
          {kind === 'check-in' && <TextInput label="Time" type="time" value={clock} onChange={(event) => setClock(event.currentTarget.value)} />}
        </div>
      )}
      {kind === 'support' && (
        <WordSelect label="Kind" words={SUPPORT_WORDS} value={support} onChange={setSupport} />
      )}
      {words && <Textarea label={words.label} description={words.description} maxLength={words.most} minRows={3} value={text} onChange={(event) => setText(event.currentTarget.value)} />}
      <p className="who-reads">
        <LockIcon size={16} />{' '}
        {kind === 'concern' ? 'Read by you. The person does not see that it exists until you write down what is agreed.' : 'Read by you, the person, and whom the person lets in.'}
        {thread && (kind === 'check-in' || kind === 'support') && ' The thread shows that support is in place, and nothing else.'}
      </p>
      <Button type="submit" loading={busy} disabled={!complete}>
        Keep it
      </Button>
    </Form>
  );
}
