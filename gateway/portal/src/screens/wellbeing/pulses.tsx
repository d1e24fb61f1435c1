// Pulse surveys: those that wait for an answer, and the figures of those that are over. For who runs them, a way to open and close one.
import { create } from '@bufbuild/protobuf';
import { Button, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { newRequestId } from '../../api/ids';
import { idOf } from '../../api/names';
import { useSession } from '../../app/auth';
import { useParam } from '../../app/hooks';
import { useClient } from '../../app/services';
import { PulseSurvey_State, PulseSurveySchema } from '../../gen/fivestrand/welfare/v1/pulse_pb';
import { PulseService } from '../../gen/fivestrand/welfare/v1/pulse_service_pb';
import { addDays, dayOf, instantOf, sayDay, toInstant, toTimestamp, today } from '../../model/dates';
import { mayRunPulses } from '../../model/roles';
import { useAction } from '../../ui/action';
import { ChevronIcon, PlusIcon, WellbeingIcon } from '../../ui/icons';
import { Empty, Loading, PageHead, ProblemNote } from '../../ui/parts';
import { Sheet } from '../../ui/sheet';
import { useOpenPulses, usePulses } from './queries';

export default function PulsesScreen() {
  const session = useSession();
  const open = useOpenPulses();
  const all = usePulses();
  const adding = useParam('add');
  const closed = (all.data ?? []).filter(({ state }) => state === PulseSurvey_State.CLOSED);
  const planned = (all.data ?? []).filter(({ state, openTime }) => state === PulseSurvey_State.SCHEDULED && (toInstant(openTime) ?? new Date()) > new Date());
  return (
    <>
      <PageHead
        title="Pulses"
        actions={
          mayRunPulses(session) && (
            <Button leftSection={<PlusIcon size={20} />} onClick={() => adding.open('new')}>
              Pulse
            </Button>
          )
        }
      >
        How we are doing, in a minute, without names.
      </PageHead>
      <h2 className="section-title">Open now</h2>
      {open.isPending && <Loading lines={2} />}
      {open.isError && <ProblemNote error={open.error} onRetry={() => void open.refetch()} title="Pulses" />}
      {open.data?.length === 0 && <Empty title="None is open" />}
      <ul className="record-list">
        {open.data?.map(({ pulseSurvey, answered }) => (
          <li className="record" key={pulseSurvey?.name}>
            <Link className="record-open" href={`/wellbeing/pulses/${idOf(pulseSurvey?.name ?? '')}`}>
              <WellbeingIcon size={20} />
              <span className="record-what">
                <strong>{pulseSurvey?.title}</strong>
                <small>
                  {answered ? 'You have answered' : 'Waits for you'}, until {sayDay(dayOf(toInstant(pulseSurvey?.closeTime) ?? new Date()))}
                </small>
              </span>
              <ChevronIcon size={18} className="record-chevron" />
            </Link>
          </li>
        ))}
        {planned.map((survey) => (
          <li className="record" key={survey.name}>
            <div className="record-open">
              <span className="record-what">
                <strong>{survey.title}</strong>
                <small>opens {sayDay(dayOf(toInstant(survey.openTime) ?? new Date()))}</small>
              </span>
            </div>
          </li>
        ))}
      </ul>
      <h2 className="section-title">Over, with their figures</h2>
      {closed.length === 0 && !all.isPending && <Empty title="None so far" />}
      <ul className="record-list">
        {closed.map((survey) => (
          <li className="record" key={survey.name}>
            <Link className="record-open" href={`/wellbeing/pulses/${idOf(survey.name)}`}>
              <span className="record-what">
                <strong>{survey.title}</strong>
                <small>closed {sayDay(dayOf(toInstant(survey.closeTime) ?? new Date()))}</small>
              </span>
              <ChevronIcon size={18} className="record-chevron" />
            </Link>
          </li>
        ))}
      </ul>
      <Sheet opened={adding.value !== undefined} onClose={adding.close} title="A pulse">
        {adding.value !== undefined && <NewPulse onDone={adding.close} />}
      </Sheet>
    </>
  );
}

function NewPulse({ onDone }: { onDone: () => void }) {
  const { trust } = useSession();
  const client = useClient(PulseService);
  const queries = useQueryClient();
  const { run, busy, problem } = useAction();
  const [title, setTitle] = useState('');
  const [from, setFrom] = useState(addDays(today(), 1));
  const [to, setTo] = useState(addDays(today(), 15));
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!title.trim()) return;
        void run(async () => {
          await client.createPulseSurvey({
            parent: trust,
            pulseSurvey: create(PulseSurveySchema, {
              title: title.trim(),
              openTime: toTimestamp(instantOf(from, '07:00')),
              closeTime: toTimestamp(instantOf(to, '18:00')),
            }),
            requestId: newRequestId(),
          });
          await queries.invalidateQueries({ queryKey: ['pulses'] });
          onDone();
        });
      }}
    >
      {problem}
      <TextInput label="Title" maxLength={120} value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
      <div className="form-pair">
        <TextInput label="From" type="date" value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
        <TextInput label="Until" type="date" value={to} onChange={(event) => setTo(event.currentTarget.value)} />
      </div>
      <p className="who-reads">Fourteen questions on culture, belonging and workload. Everybody in the trust is invited; no figure is made over fewer than ten answers.</p>
      <Button type="submit" loading={busy} disabled={!title.trim() || !from || !to}>
        Plan it
      </Button>
    </form>
  );
}
