// Planning a pulse, or changing one. Once it is open, only its title and its end can change: whoever has answered has answered that.
import { create } from '@bufbuild/protobuf';
import { Button, MultiSelect, NumberInput, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newRequestId } from '../../api/ids';
import { useSession } from '../../app/auth';
import { useClient } from '../../app/services';
import { PulseSurveySchema, type PulseSurvey } from '../../gen/fivestrand/welfare/v1/pulse_pb';
import { PulseService } from '../../gen/fivestrand/welfare/v1/pulse_service_pb';
import { addDays, clockOf, dayOf, instantOf, toInstant, toTimestamp, today } from '../../model/dates';
import { DEFAULT_GROUP, smallestGroup, stageOf } from '../../model/wellbeing';
import { useAction } from '../../ui/action';
import { Form } from '../../ui/form';

const LEAST_GROUP = 5;

export function PulseForm({ survey, onDone }: { survey?: PulseSurvey; onDone: () => void }) {
  const session = useSession();
  const client = useClient(PulseService);
  const queries = useQueryClient();
  const { run, busy, problem } = useAction();
  const opens = toInstant(survey?.openTime);
  const closes = toInstant(survey?.closeTime);
  const isOpen = survey !== undefined && stageOf(survey, new Date()) !== 'planned';
  const [title, setTitle] = useState(survey?.title ?? '');
  const [from, setFrom] = useState(opens ? dayOf(opens) : addDays(today(), 1));
  const [fromClock, setFromClock] = useState(opens ? clockOf(opens) : '07:00');
  const [to, setTo] = useState(closes ? dayOf(closes) : addDays(today(), 15));
  const [toClock, setToClock] = useState(closes ? clockOf(closes) : '18:00');
  const [schools, setSchools] = useState<string[]>(survey?.schools ?? []);
  const [group, setGroup] = useState<number | string>(survey ? smallestGroup(survey) : DEFAULT_GROUP);
  const timed = from && fromClock && to && toClock;
  const backwards = timed && instantOf(to, toClock) <= instantOf(from, fromClock);
  const complete = title.trim() && timed && !backwards && Number(group) >= LEAST_GROUP;
  const save = async () => {
    const fields = {
      title: title.trim(),
      closeTime: toTimestamp(instantOf(to, toClock)),
      ...(isOpen ? {} : { openTime: toTimestamp(instantOf(from, fromClock)), schools, minGroupSize: Number(group) }),
    };
    if (survey) {
      await client.updatePulseSurvey({
        pulseSurvey: create(PulseSurveySchema, { name: survey.name, etag: survey.etag, ...fields }),
        updateMask: { paths: ['title', 'close_time', ...(isOpen ? [] : ['open_time', 'schools', 'min_group_size'])] },
        requestId: newRequestId(),
      });
    } else {
      await client.createPulseSurvey({ parent: session.trust, pulseSurvey: create(PulseSurveySchema, fields), requestId: newRequestId() });
    }
    await queries.invalidateQueries({ queryKey: ['pulses'] });
    onDone();
  };
  return (
    <Form
      onSubmit={() => {
        if (complete) void run(save);
      }}
    >
      {problem}
      <TextInput label="Title" maxLength={120} value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
      {!isOpen && (
        <div className="form-pair">
          <TextInput label="From" type="date" value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
          <TextInput label="At" type="time" value={fromClock} onChange={(event) => setFromClock(event.currentTarget.value)} />
        </div>
      )}
      <div className="form-pair">
        <TextInput label="Until" type="date" value={to} error={backwards ? 'Must be after it opens' : undefined} onChange={(event) => setTo(event.currentTarget.value)} />
        <TextInput label="At" type="time" value={toClock} onChange={(event) => setToClock(event.currentTarget.value)} />
      </div>
      {!isOpen && (
        <>
          <MultiSelect
            label="Schools"
            description="None chosen: everybody in the trust."
            data={session.schools.map(({ name, displayName }) => ({ value: name, label: displayName }))}
            value={schools}
            onChange={setSchools}
            searchable
            hidePickedOptions
            comboboxProps={{ withinPortal: true }}
          />
          <NumberInput
            label="Smallest group"
            description="No figure is ever made over fewer answers."
            min={LEAST_GROUP}
            max={1000}
            value={group}
            onChange={setGroup}
          />
        </>
      )}
      <p className="who-reads">
        {survey
          ? isOpen
            ? 'It is open: who is asked, what is asked and the promise of the smallest group stay as they are.'
            : 'Not open yet: everything but the questions can change here.'
          : 'Fourteen questions on culture, belonging and workload. Nobody, whatever their role, sees an answer.'}
      </p>
      <Button type="submit" loading={busy} disabled={!complete}>
        {survey ? 'Keep it' : 'Plan it'}
      </Button>
    </Form>
  );
}
