// All that one person holds goes to another: one's own before one leaves, or for an HR director what somebody has left behind.
import { Button, NativeSelect } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newRequestId } from '../../api/ids';
import { useSession } from '../../app/auth';
import { usePeople } from '../../app/queries';
import { useClient } from '../../app/services';
import { WelfareService } from '../../gen/fivestrand/welfare/v1/welfare_service_pb';
import { mayBeginCheckIns } from '../../model/roles';
import { useAction } from '../../ui/action';
import { Form } from '../../ui/form';
import { PersonPicker } from '../../ui/people-picker';
import { useToast } from '../../ui/toast';
import { useOfficers } from './queries';

// A call moves 200 records. More than these are not held by anybody.
const MOST_CALLS = 50;

export function HandOver({ onDone }: { onDone: () => void }) {
  const session = useSession();
  const client = useClient(WelfareService);
  const queries = useQueryClient();
  const people = usePeople();
  const officers = useOfficers().data ?? [];
  const toast = useToast();
  const { run, busy, problem } = useAction();
  const takesUp = mayBeginCheckIns(session);
  const [own, setOwn] = useState(true);
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [moved, setMoved] = useState(0);
  const complete = to && (own || from);
  const hand = () =>
    run(async () => {
      let count = 0;
      try {
        for (let call = 0; call < MOST_CALLS; call++) {
          const answer = await client.handOver({ parent: session.trust, from: own ? '' : from, to, requestId: newRequestId() });
          count += answer.recordCount;
          setMoved(count);
          if (!answer.more || answer.recordCount === 0) break;
        }
      } finally {
        // What was moved is moved, also when a later call failed.
        await queries.invalidateQueries({ queryKey: ['welfare'] });
      }
      toast({ text: count === 0 ? 'There was nothing to hand over.' : count === 1 ? '1 record was handed over.' : `${count} records were handed over.` });
      onDone();
    });
  return (
    <Form
      onSubmit={() => {
        if (complete) void hand();
      }}
    >
      {problem}
      {takesUp && (
        <NativeSelect
          label="What"
          value={own ? 'own' : 'left'}
          data={[
            { value: 'own', label: 'All that I hold' },
            { value: 'left', label: 'What somebody has left behind' },
          ]}
          onChange={(event) => {
            const mine = event.currentTarget.value === 'own';
            setOwn(mine);
            setTo(mine ? '' : session.person);
          }}
        />
      )}
      {!own && <PersonPicker label="Who held it" people={people} value={from} onChange={setFrom} />}
      <PersonPicker label="To whom" people={people} value={to} onChange={setTo} first={officers} />
      <p className="who-reads">
        {own
          ? 'An HR director or the CEO takes them. You will not be able to read them any more. What is about the person who takes over stays with you.'
          : 'Only of somebody who works here no more. Whoever is concerned sees the new holder’s name on each record.'}
      </p>
      {moved > 0 && <p role="status">{moved} handed over so far</p>}
      <Button type="submit" loading={busy} disabled={!complete}>
        Hand over
      </Button>
    </Form>
  );
}
