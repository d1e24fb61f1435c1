// Telling the HR director of a worry: about oneself, or about somebody whom one line-manages.
import { create } from '@bufbuild/protobuf';
import { Button, NativeSelect, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newRequestId } from '../../api/ids';
import { useSession } from '../../app/auth';
import { nameIn, usePeople } from '../../app/queries';
import { useClient } from '../../app/services';
import { WelfareConcernSchema } from '../../gen/fivestrand/welfare/v1/welfare_pb';
import { WelfareService } from '../../gen/fivestrand/welfare/v1/welfare_service_pb';
import { useAction } from '../../ui/action';
import { Form } from '../../ui/form';
import { LockIcon } from '../../ui/icons';
import { useToast } from '../../ui/toast';
import { useReports } from './queries';

export function Tell({ onDone }: { onDone: () => void }) {
  const session = useSession();
  const client = useClient(WelfareService);
  const queries = useQueryClient();
  const people = usePeople();
  const reports = useReports().data ?? [];
  const toast = useToast();
  const { run, busy, problem } = useAction();
  const [person, setPerson] = useState(session.person);
  const [text, setText] = useState('');
  const own = person === session.person;
  return (
    <Form
      onSubmit={() => {
        if (!text.trim()) return;
        void run(async () => {
          await client.createWelfareConcern({
            parent: session.trust,
            welfareConcern: create(WelfareConcernSchema, { person, text: text.trim() }),
            requestId: newRequestId(),
          });
          await queries.invalidateQueries({ queryKey: ['welfare'] });
          toast({ text: 'Told. The HR director takes it in hand.' });
          onDone();
        });
      }}
    >
      {problem}
      {reports.length > 0 && (
        <NativeSelect
          label="About whom"
          value={person}
          data={[{ value: session.person, label: 'Myself' }, ...reports.map((name) => ({ value: name, label: nameIn(people, name) }))]}
          onChange={(event) => setPerson(event.currentTarget.value)}
        />
      )}
      <p className="who-reads">
        <LockIcon size={16} />{' '}
        {own
          ? 'The HR director reads it, and you. No administrator, line manager or headteacher can.'
          : `The HR director reads it, and you. ${nameIn(people, person)} does not read your words, and learns of it once the HR director has agreed something with them.`}
      </p>
      <Textarea
        label={own ? 'What worries you' : 'What you have seen'}
        description="It cannot be changed afterwards."
        maxLength={4000}
        minRows={3}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit" loading={busy} disabled={!text.trim()}>
        Tell the HR director
      </Button>
    </Form>
  );
}
