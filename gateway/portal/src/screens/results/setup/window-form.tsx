// Making a window, or changing one. When somebody else saved in between, both versions stand side by side at the field.
import { create } from '@bufbuild/protobuf';
import { FieldMaskSchema } from '@bufbuild/protobuf/wkt';
import { Button, Checkbox, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { problemOf } from '../../../api/errors';
import { newRequestId } from '../../../api/ids';
import { useSession } from '../../../app/auth';
import { useDraft } from '../../../app/hooks';
import { useClient } from '../../../app/services';
import { AssessmentWindow_Kind as Kind, AssessmentWindowSchema, type AssessmentWindow } from '../../../gen/fivestrand/assessment/v1/framework_pb';
import { FrameworkService } from '../../../gen/fivestrand/assessment/v1/framework_service_pb';
import { sayDay, toProtoDate } from '../../../model/dates';
import { changedFields, merge, type FieldConflict } from '../../../model/merge';
import { draftOf, faultsOf, KIND_WORDS, subjectsOf, type WindowDraft } from '../../../model/windows';
import { useAction } from '../../../ui/action';
import { Conflict } from '../../../ui/conflict';
import { Form } from '../../../ui/form';
import { Loading, ProblemNote } from '../../../ui/parts';
import { useToast } from '../../../ui/toast';
import { WordSelect } from '../../../ui/word-select';
import { AssessedTable } from './assessed-table';
import { useFrameworks } from './queries';

const LABELS: Record<string, string> = { displayName: 'Name', kind: 'Kind', start: 'First day', end: 'Last day' };
const PATHS: Record<string, string> = { displayName: 'display_name', kind: 'kind', start: 'start_date', end: 'end_date' };

type Fields = WindowDraft & Record<string, unknown>;

export function WindowForm({ window, year, onDone }: { window?: AssessmentWindow; year: string; onDone: () => void }) {
  const { trust } = useSession();
  const client = useClient(FrameworkService);
  const queries = useQueryClient();
  const toast = useToast();
  const frameworks = useFrameworks();
  const { run, busy, problem } = useAction();
  const [base, setBase] = useState<WindowDraft>(window ? draftOf(window) : { displayName: '', kind: Kind.IN_YEAR, start: '', end: '' });
  const [etag, setEtag] = useState(window?.etag ?? '');
  const draft = useDraft<WindowDraft & { frameworks: string[] }>(`window ${window?.name ?? `of ${year}`}`, { ...base, frameworks: [] });
  const [conflicts, setConflicts] = useState<FieldConflict[]>([]);
  const [tried, setTried] = useState(false);
  const { frameworks: chosen, ...values } = draft.value;
  const faults = faultsOf(values, year);
  const nothing = !window && chosen.length === 0;
  const fault = (field: keyof WindowDraft) => (tried || values[field] !== base[field] ? faults[field] : undefined);

  const save = async () => {
    if (!window) {
      await client.createAssessmentWindow({
        parent: trust,
        assessmentWindow: create(AssessmentWindowSchema, { ...protoOf(values), academicYear: year, frameworks: chosen }),
        requestId: newRequestId(),
      });
      return;
    }
    const changed = changedFields<Fields>(base as Fields, values as Fields);
    if (changed.length === 0) return;
    try {
      await client.updateAssessmentWindow({
        assessmentWindow: { name: window.name, etag, ...protoOf(values) },
        updateMask: create(FieldMaskSchema, { paths: changed.map((field) => PATHS[field] ?? field) }),
        requestId: newRequestId(),
      });
    } catch (error) {
      if (problemOf(error).kind === 'conflict') {
        const theirs = await client.getAssessmentWindow({ name: window.name });
        const merged = merge<Fields>(base as Fields, values as Fields, draftOf(theirs) as Fields);
        setBase(draftOf(theirs));
        setEtag(theirs.etag);
        setConflicts(merged.conflicts);
        draft.change(merged.value);
      }
      throw error;
    }
  };

  return (
    <Form
      noValidate
      onSubmit={() => {
        setTried(true);
        if (Object.keys(faults).length > 0 || conflicts.length > 0 || nothing) return;
        void run(async () => {
          await save();
          await draft.clear();
          await queries.invalidateQueries({ queryKey: ['windows'] });
          toast({ text: 'Saved' });
          onDone();
        });
      }}
    >
      {draft.restored && (
        <p className="restored" role="status">
          What you typed before is back.{' '}
          <button type="button" className="text-button" onClick={() => draft.change({ ...base, frameworks: [] })}>
            Throw it away
          </button>
        </p>
      )}
      {problem}
      {conflicts.map(({ field, mine, theirs }) => {
        const settle = (value: unknown) => {
          draft.change({ [field]: value } as Partial<WindowDraft>);
          setConflicts((before) => before.filter((each) => each.field !== field));
        };
        return <Conflict key={field} label={LABELS[field] ?? field} mine={say(field, mine)} theirs={say(field, theirs)} onMine={() => settle(mine)} onTheirs={() => settle(theirs)} />;
      })}
      <TextInput
        label="Name"
        required
        maxLength={80}
        placeholder="Autumn 1"
        value={values.displayName}
        error={fault('displayName')}
        onChange={(event) => draft.change({ displayName: event.currentTarget.value })}
      />
      <WordSelect label="Kind" words={KIND_WORDS} value={values.kind} onChange={(kind) => draft.change({ kind })} />
      <div className="form-pair">
        <TextInput label="First day" type="date" required value={values.start} error={fault('start')} onChange={(event) => draft.change({ start: event.currentTarget.value })} />
        <TextInput label="Last day" type="date" required value={values.end} error={fault('end')} onChange={(event) => draft.change({ end: event.currentTarget.value })} />
      </div>
      <p className="as-of">Pupils’ groups and classes count as they are on the last day.</p>
      {window ? (
        <AssessedTable caption="What is assessed" lines={window.subjects} />
      ) : (
        <fieldset className="form">
          <legend>What is assessed</legend>
          {frameworks.isPending && <Loading lines={2} />}
          {frameworks.isError && <ProblemNote error={frameworks.error} onRetry={() => void frameworks.refetch()} title="Frameworks" />}
          {frameworks.data?.map((framework) => (
            <Checkbox
              key={framework.name}
              className="tick-line"
              size="md"
              label={framework.displayName}
              checked={chosen.includes(framework.name)}
              onChange={(event) => draft.change({ frameworks: event.currentTarget.checked ? [...chosen, framework.name] : chosen.filter((name) => name !== framework.name) })}
            />
          ))}
          {tried && nothing && (
            <p className="overdue" role="status">
              Choose what is assessed.
            </p>
          )}
          {chosen.length > 0 && <p className="as-of">{sayCount(subjectsOf((frameworks.data ?? []).filter(({ name }) => chosen.includes(name))).length)}</p>}
        </fieldset>
      )}
      <Button type="submit" loading={busy} disabled={conflicts.length > 0}>
        {window ? 'Save' : 'Make the window'}
      </Button>
    </Form>
  );
}

function protoOf(values: WindowDraft) {
  return { displayName: values.displayName.trim(), kind: values.kind, startDate: toProtoDate(values.start), endDate: toProtoDate(values.end) };
}

function say(field: string, value: unknown): string {
  if (field === 'kind') return KIND_WORDS[value as Kind];
  return field === 'displayName' ? String(value) : sayDay(String(value));
}

function sayCount(lines: number): string {
  return lines === 1 ? '1 subject on a scale.' : `${lines} subjects on scales.`;
}
