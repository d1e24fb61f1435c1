// What the two of a coaching cycle have agreed about it: either of them changes it. What it is about stays between the two.
import { create } from '@bufbuild/protobuf';
import { Button, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { newRequestId } from '../../api/ids';
import { useClient } from '../../app/services';
import { CoachingCycle_Cadence, CoachingCycle_State, CoachingCycleSchema, type CoachingCycle } from '../../gen/fivestrand/cpd/v1/coaching_pb';
import { CoachingService } from '../../gen/fivestrand/cpd/v1/coaching_service_pb';
import { fromProtoDate, toProtoDate, today } from '../../model/dates';
import { Form } from '../../ui/form';
import { LockIcon } from '../../ui/icons';
import { WordSelect } from '../../ui/word-select';
import { NeedFields, type Need } from './need';
import { useRoom } from './use-room';

export const MEETING_WORDS: Record<CoachingCycle_Cadence, string> = {
  [CoachingCycle_Cadence.CADENCE_UNSPECIFIED]: '',
  [CoachingCycle_Cadence.WEEKLY]: 'Every school week',
  [CoachingCycle_Cadence.FORTNIGHTLY]: 'Every second school week',
  [CoachingCycle_Cadence.MONTHLY]: 'Every month',
  [CoachingCycle_Cadence.HALF_TERMLY]: 'Every half term',
};

export function CycleForm({ cycle, onDone }: { cycle: CoachingCycle; onDone: () => void }) {
  const client = useClient(CoachingService);
  const { act, busy, problem } = useRoom(cycle);
  const runs = cycle.state === CoachingCycle_State.ACTIVE;
  const [focus, setFocus] = useState(cycle.focus);
  const [outcome, setOutcome] = useState(cycle.outcome);
  const [start, setStart] = useState(fromProtoDate(cycle.startDate) ?? today());
  const [end, setEnd] = useState(fromProtoDate(cycle.plannedEndDate) ?? '');
  const [cadence, setCadence] = useState(cycle.cadence);
  const [need, setNeed] = useState<Need>({ element: cycle.element, improvementThread: cycle.improvementThread });
  const save = () => {
    const base = { name: cycle.name, etag: cycle.etag, focus: focus.trim() };
    // Only the texts of a cycle that has ended can change.
    const [coachingCycle, paths] = runs
      ? [
          create(CoachingCycleSchema, { ...base, ...need, startDate: toProtoDate(start), plannedEndDate: end ? toProtoDate(end) : undefined, cadence }),
          ['focus', 'start_date', 'planned_end_date', 'cadence', 'element', 'improvement_thread'],
        ]
      : [create(CoachingCycleSchema, { ...base, outcome: outcome.trim() }), ['focus', 'outcome']];
    return act(() => client.updateCoachingCycle({ coachingCycle, updateMask: { paths }, requestId: newRequestId() })).then((done) => done && onDone());
  };
  return (
    <Form
      onSubmit={() => {
        if (start) void save();
      }}
    >
      {problem}
      <Textarea label="What we work on" maxLength={1000} minRows={2} value={focus} onChange={(event) => setFocus(event.currentTarget.value)} />
      {runs ? (
        <>
          <div className="form-pair">
            <TextInput label="From" type="date" value={start} onChange={(event) => setStart(event.currentTarget.value)} />
            <TextInput label="Planned until" type="date" min={start} value={end} onChange={(event) => setEnd(event.currentTarget.value)} />
          </div>
          <WordSelect label="We meet" words={MEETING_WORDS} value={cadence} onChange={setCadence} />
          <NeedFields need={need} onChange={setNeed} />
        </>
      ) : (
        <Textarea label="What came of it" maxLength={2000} minRows={2} value={outcome} onChange={(event) => setOutcome(event.currentTarget.value)} />
      )}
      <p className="who-reads">
        <LockIcon size={16} /> Read by you two only.{need.improvementThread && ' The thread shows that support is in place, and nothing else.'}
      </p>
      <Button type="submit" loading={busy} disabled={!start}>
        Keep it
      </Button>
    </Form>
  );
}
