// A whole year's windows from the year before: dates on the same weekdays, to be looked over and edited before anything is made.
import { Button, Checkbox, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newRequestId } from '../../../api/ids';
import { useSession } from '../../../app/auth';
import { useDraft } from '../../../app/hooks';
import { useClient } from '../../../app/services';
import { FrameworkService } from '../../../gen/fivestrand/assessment/v1/framework_service_pb';
import { faultsOf, KIND_WORDS, planAfter, sayYear, windowOf, yearAfter, type PlannedWindow } from '../../../model/windows';
import { useAction } from '../../../ui/action';
import { Form } from '../../../ui/form';
import { Empty, Loading, ProblemNote } from '../../../ui/parts';
import { useToast } from '../../../ui/toast';
import { WordSelect } from '../../../ui/word-select';
import { useWindows } from '../queries';
import { useScales } from './queries';

export function YearPlan({ from, onDone }: { from: string; onDone: (year: string) => void }) {
  const scales = useScales();
  const { windows, pending, error } = useWindows();
  if (error) return <ProblemNote error={error} title="Windows" />;
  if (scales.isError) return <ProblemNote error={scales.error} onRetry={() => void scales.refetch()} title="Scales" />;
  if (!scales.data || pending) return <Loading lines={5} />;
  const plan = planAfter(windows, from);
  if (plan.length === 0) return <Empty title={`No windows in ${sayYear(from)}`}>There is nothing to plan the year after from.</Empty>;
  return <Plan from={from} plan={plan} onDone={onDone} />;
}

function Plan({ from, plan, onDone }: { from: string; plan: PlannedWindow[]; onDone: (year: string) => void }) {
  const { trust } = useSession();
  const client = useClient(FrameworkService);
  const queries = useQueryClient();
  const toast = useToast();
  const scales = useScales();
  const { windows } = useWindows();
  const { run, busy, problem } = useAction();
  const [tried, setTried] = useState(false);
  const year = yearAfter(from);
  const draft = useDraft<{ rows: PlannedWindow[] }>(`windows after ${from}`, { rows: plan });
  const { rows } = draft.value;
  const change = (index: number, fields: Partial<PlannedWindow>) => draft.change({ rows: rows.map((row, at) => (at === index ? { ...row, ...fields } : row)) });
  const chosen = rows.filter((row) => row.chosen);
  const wrong = chosen.some((row) => Object.keys(faultsOf(row, year)).length > 0);

  const make = () =>
    run(async () => {
      const answer = await client.batchCreateAssessmentWindows({
        parent: trust,
        requests: chosen.map((row) => ({ parent: trust, assessmentWindow: windowOf(row, year, windows, scales.data ?? []) })),
        requestId: newRequestId(),
      });
      await draft.clear();
      await queries.invalidateQueries({ queryKey: ['windows'] });
      onDone(year);
      const made = answer.assessmentWindows;
      const undo = async () => {
        for (const { name } of made) await client.deleteAssessmentWindow({ name, requestId: newRequestId() });
        await queries.invalidateQueries({ queryKey: ['windows'] });
      };
      toast({
        text: made.length === 1 ? '1 window made' : `${made.length} windows made`,
        action: { label: 'Undo', run: undo, failed: 'Not all could be removed: one that has results stays.' },
      });
    });

  return (
    <Form
      noValidate
      onSubmit={() => {
        setTried(true);
        if (!wrong) void make();
      }}
    >
      <p className="as-of">
        Those of {sayYear(from)}, a year later on the same weekdays, with the same subjects on the newest versions of their scales. One whose name is there already is left out. Nothing is
        made until you say so; all that are chosen are made, or none.
      </p>
      {draft.restored && (
        <p className="restored" role="status">
          What you typed before is back.{' '}
          <button type="button" className="text-button" onClick={() => draft.change({ rows: plan })}>
            Begin again
          </button>
        </p>
      )}
      {rows.map((row, index) => {
        const faults = tried || row.start !== plan[index]?.start || row.end !== plan[index]?.end || !row.displayName ? faultsOf(row, year) : {};
        return (
          <div key={row.from} className="plan-row" role="group" aria-label={row.displayName || 'A window'} data-left-out={!row.chosen || undefined}>
            <Checkbox className="tick-line" size="md" label={row.displayName || 'A window'} checked={row.chosen} onChange={(event) => change(index, { chosen: event.currentTarget.checked })} />
            {row.chosen && (
              <div className="form-pair">
                <TextInput label="Name" maxLength={80} value={row.displayName} error={faults.displayName} onChange={(event) => change(index, { displayName: event.currentTarget.value })} />
                <WordSelect label="Kind" words={KIND_WORDS} value={row.kind} onChange={(kind) => change(index, { kind })} />
                <TextInput label="First day" type="date" value={row.start} error={faults.start} onChange={(event) => change(index, { start: event.currentTarget.value })} />
                <TextInput label="Last day" type="date" value={row.end} error={faults.end} onChange={(event) => change(index, { end: event.currentTarget.value })} />
              </div>
            )}
          </div>
        );
      })}
      {problem}
      <Button type="submit" loading={busy} disabled={chosen.length === 0}>
        {chosen.length === 1 ? 'Make 1 window' : `Make ${chosen.length} windows`}
      </Button>
    </Form>
  );
}
