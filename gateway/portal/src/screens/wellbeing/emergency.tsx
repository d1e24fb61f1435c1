// Breaking the glass: reads sealed welfare records of one person once, because of a risk to life. The person and a second officer are told.
import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useSession } from '../../app/auth';
import { nameIn, usePeople } from '../../app/queries';
import { useClient } from '../../app/services';
import { WelfareService, type BreakGlassResponse } from '../../gen/fivestrand/welfare/v1/welfare_service_pb';
import { useAction } from '../../ui/action';
import { Form } from '../../ui/form';
import { Empty, PageHead } from '../../ui/parts';
import { PersonPicker } from '../../ui/people-picker';
import { SUPPORT_WORDS } from './queries';

const SHORTEST_REASON = 20;

export default function EmergencyScreen() {
  const { trust } = useSession();
  const client = useClient(WelfareService);
  const people = usePeople();
  const { run, busy, problem } = useAction();
  const [person, setPerson] = useState('');
  const [reason, setReason] = useState('');
  const [sure, setSure] = useState(false);
  const [opened, setOpened] = useState<BreakGlassResponse | undefined>();
  if (opened) {
    const texts = [
      ...opened.checkIns.map((record) => ({ key: record.name, title: 'Check-in', texts: [record.request, record.note, record.agreed] })),
      ...opened.welfareConcerns.map((record) => ({ key: record.name, title: 'Concern', texts: [record.text, record.note, record.agreed] })),
      ...opened.supports.map((record) => ({ key: record.name, title: SUPPORT_WORDS[record.kind], texts: [record.note, record.agreed] })),
      ...opened.followUps.map((record) => ({ key: record.name, title: 'Promise', texts: [record.action] })),
    ];
    return (
      <>
        <PageHead title={nameIn(people, person)} tab="Emergency">
          {nameIn(people, person)} and {nameIn(people, opened.notice?.secondOfficer ?? '')} have been told. Leaving this page closes the seal again.
        </PageHead>
        {texts.length === 0 && <Empty title="No record">Nothing is kept about this person.</Empty>}
        <ul className="record-list">
          {texts.map((record) => (
            <li className="record" key={record.key}>
              <div className="record-open">
                <span className="record-what">
                  <strong>{record.title}</strong>
                  {record.texts.filter(Boolean).map((text, index) => (
                    <p key={index}>{text}</p>
                  ))}
                </span>
              </div>
            </li>
          ))}
        </ul>
      </>
    );
  }
  return (
    <>
      <PageHead title="Emergency">Only for a risk to life.</PageHead>
      <Form
        onSubmit={() => {
          if (!sure) setSure(true);
          else
            void run(async () => {
              setOpened(await client.breakGlass({ parent: trust, person, reason: reason.trim() }));
            });
        }}
      >
        {problem}
        <p>The person and a second officer are told before you read anything, with your reason in your words. It stands in the audit trail for good.</p>
        <PersonPicker label="Whose records" people={people} value={person} onChange={setPerson} />
        <Textarea label="Why" description={`At least ${SHORTEST_REASON} characters. They will read this.`} maxLength={2000} minRows={3} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
        <Button type="submit" color="red" loading={busy} disabled={!person || reason.trim().length < SHORTEST_REASON}>
          {sure ? 'Yes, tell them and open the records' : 'Open the records'}
        </Button>
      </Form>
    </>
  );
}
