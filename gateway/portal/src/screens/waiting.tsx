// What was recorded on this device and is not on the server: why, since when, and what can be done about it.
import { Button, NativeSelect } from '@mantine/core';
import { useEffect, useState } from 'react';
import { schoolOf } from '../api/names';
import { useSession } from '../app/auth';
import { useNow, useOnline, useOutbox } from '../app/hooks';
import { useServices } from '../app/services';
import { useSchoolClasses } from '../app/queries';
import { sayWhen } from '../model/dates';
import type { OutboxItem } from '../offline/item';
import { CrossIcon, WaitingIcon } from '../ui/icons';
import { Empty, PageHead } from '../ui/parts';
import { useToast } from '../ui/toast';

const ACTIONS = { create: '', update: 'Addition: ', delete: 'Removal: ', undelete: 'Bringing back: ' };

export function WaitingScreen() {
  const items = useOutbox();
  const online = useOnline();
  const { sender, outbox } = useServices();
  const { person } = useSession();
  const waiting = items.filter((item) => item.state === 'waiting');
  const refused = items.filter((item) => item.state === 'refused');
  const [others, setOthers] = useState(0);
  useEffect(() => void outbox.countOfOthers(person).then(setOthers), [outbox, person]);
  return (
    <>
      <PageHead title="Waiting on this device">
        {online
          ? 'What is here is sent by itself. Nothing is lost when you close the page.'
          : 'No connection. These are sent by themselves when it is back, even if you close the page in between and open it again.'}
      </PageHead>
      {refused.length > 0 && (
        <section aria-labelledby="refused-title">
          <h2 id="refused-title" className="section-title">
            Needs you
          </h2>
          <ul className="record-list">
            {refused.map((item) => (
              <Refused key={item.id} item={item} />
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="waiting-title">
        <h2 id="waiting-title" className="section-title">
          Waiting
        </h2>
        {waiting.length === 0 && <Empty title="Nothing waits">Everything you recorded on this device is on the server.</Empty>}
        <ul className="record-list">
          {waiting.map((item) => (
            <Waiting key={item.id} item={item} />
          ))}
        </ul>
        {waiting.length > 0 && (
          <Button mt="sm" variant="default" onClick={() => void sender.flush(true)}>
            Send now
          </Button>
        )}
      </section>
      {others > 0 && (
        <p className="as-of">
          {others} {others === 1 ? 'record of somebody else also waits' : 'records of somebody else also wait'} on this device, until they
          sign in here.
        </p>
      )}
    </>
  );
}

function Waiting({ item }: { item: OutboxItem }) {
  const now = useNow();
  return (
    <li className="record" data-waiting>
      <div className="record-open">
        <WaitingIcon size={20} />
        <span className="record-what">
          <strong>
            {ACTIONS[item.action]}
            {item.label}
          </strong>
          <small>
            Recorded {sayWhen(new Date(item.createdAt), now)}
            {item.problem ? `. ${item.problem.title}` : ''}
            {item.attempts > 0 ? `, tried ${item.attempts} ${item.attempts === 1 ? 'time' : 'times'}` : ''}
          </small>
        </span>
      </div>
    </li>
  );
}

function Refused({ item }: { item: OutboxItem }) {
  const { outbox, sender } = useServices();
  const toast = useToast();
  const now = useNow();
  const again = async (record = item.record) => {
    await outbox.correct(item.id, record);
    void sender.flush(true);
  };
  return (
    <li className="record refused">
      <div className="record-open">
        <CrossIcon size={20} />
        <span className="record-what">
          <strong>
            {ACTIONS[item.action]}
            {item.label}
          </strong>
          <small>Recorded {sayWhen(new Date(item.createdAt), now)}</small>
          <span className="refused-why">
            Not accepted: {item.problem?.title}. {item.problem?.advice} {item.problem?.fields.map((field) => field.description).join(' ')}
          </span>
          {texts(item).map((text) => (
            <q key={text}>{text}</q>
          ))}
          {'schoolClass' in item.record && (
            <OtherClass item={item} onChoose={(schoolClass) => void again({ ...item.record, schoolClass, subject: '', teacher: '' })} />
          )}
        </span>
      </div>
      <div className="refused-actions">
        <Button variant="default" size="sm" h={44} onClick={() => void again()}>
          Try again
        </Button>
        <Button
          variant="subtle"
          color="red"
          size="sm"
          h={44}
          onClick={() => void outbox.discard(item.id).then(() => toast({ text: 'Thrown away' }))}
        >
          Throw away
        </Button>
      </div>
    </li>
  );
}

function OtherClass({ item, onChoose }: { item: OutboxItem; onChoose: (name: string) => void }) {
  const all = [...useSchoolClasses(schoolOf(item.parent)).values()];
  const year = all
    .map((entry) => entry.academicYear)
    .sort()
    .at(-1);
  const classes = all
    .filter((entry) => entry.academicYear === year)
    .sort((a, b) => a.yearGroup - b.yearGroup || a.displayName.localeCompare(b.displayName, 'en', { numeric: true }));
  if (classes.length === 0) return null;
  return (
    <NativeSelect
      label="Record it for another class"
      value=""
      mt="xs"
      onChange={(event) => event.currentTarget.value && onChoose(event.currentTarget.value)}
      data={[{ value: '', label: 'Choose a class' }, ...classes.map((entry) => ({ value: entry.name, label: entry.displayName }))]}
    />
  );
}

// What the person typed, so that it can be read and copied before anything is thrown away.
function texts({ record }: OutboxItem): string[] {
  return ['wentWell', 'evenBetterIf', 'note', 'whatWasModelled', 'purpose', 'seen', 'privateNote']
    .map((field) => record[field])
    .filter((value): value is string => typeof value === 'string' && value.trim() !== '');
}
