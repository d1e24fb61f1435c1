// Analysis: choose what, for whom and when; the answer is one picture with its table, and goes down to the pupils.
import { Button, NativeSelect } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { useSession } from '../../app/auth';
import { useSubjects } from '../../app/queries';
import { useClient } from '../../app/services';
import { AnalysisService, ResultDimension, ResultMeasure, type CellKey } from '../../gen/fivestrand/assessment/v1/analysis_pb';
import { YearGroup, type PupilGroup } from '../../gen/fivestrand/type/v1/school_pb';
import { fromProtoDate, today } from '../../model/dates';
import { DIMENSIONS, MEASURES, readQuestion, requestOf, tableOf, writeQuestion, type Question } from '../../model/analysis';
import { schoolsOf } from '../../model/roles';
import { PUPIL_GROUPS, sayYearGroup } from '../../model/words';
import { Empty, Loading, PageHead, ProblemNote } from '../../ui/parts';
import { useToast } from '../../ui/toast';
import { AnalysedPupils } from './analysed-pupils';
import { AnswerTable } from './answer-table';
import { useKeyLabels } from './labels';
import { GapBars, TrendLines } from './pictures';
import { useWindows } from './queries';
import { Transitions } from './transitions';

const YEARS = Object.values(YearGroup).filter((year): year is YearGroup => typeof year === 'number' && year > 0);

export default function AnalysisScreen() {
  const session = useSession();
  const client = useClient(AnalysisService);
  const toast = useToast();
  const [, navigate] = useLocation();
  const search = useSearch();
  const subjects = useSubjects();
  const { windows, pending, error } = useWindows();
  const schools = schoolsOf(session);
  const whole = schools.length === session.schools.length;
  const [opened, setOpened] = useState<CellKey[] | undefined>();

  const begun = windows.find(({ startDate }) => (fromProtoDate(startDate) ?? '') <= today()) ?? windows[0];
  const defaults = useMemo<Question>(
    () => ({
      measure: ResultMeasure.SHARE_AT_EXPECTED,
      rows: schools.length > 1 ? ResultDimension.BY_SCHOOL : ResultDimension.BY_YEAR_GROUP,
      columns: ResultDimension.BY_SUBJECT,
      school: schools.length === 1 ? (schools[0]?.name ?? '') : '',
      subject: '',
      window: begun?.name ?? '',
      year: 0,
      group: 0,
      gap: 0,
      baseline: '',
    }),
    [schools, begun],
  );
  const question = readQuestion(new URLSearchParams(search), defaults);
  const request = requestOf(question, session.trust, whole ? '' : `${session.trust}/schools/-`);
  const query = useQuery({
    queryKey: ['analysis', session.trust, search, begun?.name],
    enabled: windows.length > 0,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => client.analyseResults(request, { signal }),
  });
  const set = (fields: Partial<Question>) => {
    const params = writeQuestion({ ...question, ...fields }, defaults);
    navigate(params.size > 0 ? `/results?${params}` : '/results', { replace: true });
  };
  const table = useMemo(() => tableOf(query.data?.cells ?? []), [query.data]);
  const byWindow = question.rows === ResultDimension.BY_WINDOW || question.columns === ResultDimension.BY_WINDOW;
  const labels = useKeyLabels();
  const share = () => {
    void navigator.clipboard?.writeText(location.href).then(() => toast({ text: 'The question is copied: its address gives whoever opens it their own answer.' }));
  };
  return (
    <>
      <PageHead
        title="Results"
        actions={
          <Button className="no-print" variant="default" onClick={share}>
            Copy the question
          </Button>
        }
      >
        {byWindow || !begun ? 'Attainment and progress' : (windows.find(({ name }) => name === question.window)?.displayName ?? 'All windows')}
        {question.measure === ResultMeasure.MEAN_SCORE ? ', mean score' : ', share of the pupils who count'}
      </PageHead>
      {pending && <Loading lines={6} />}
      {error != null && <ProblemNote error={error} title="Results" />}
      {!pending && !error && windows.length === 0 && <Empty title="No results yet">A data lead opens an assessment window and brings results in.</Empty>}
      {windows.length > 0 && (
        <form className="question no-print" onSubmit={(event) => event.preventDefault()} aria-label="The question">
          <Choice label="Figure" value={question.measure} options={MEASURES} onChange={(measure) => set({ measure })} />
          <Choice label="Rows" value={question.rows} options={DIMENSIONS} onChange={(rows) => set({ rows })} />
          <Choice
            label="Columns"
            value={question.columns}
            options={[{ value: 0 as ResultDimension, label: 'None' }, ...DIMENSIONS]}
            onChange={(columns) => set({ columns })}
          />
          {!byWindow && (
            <NativeSelect
              label="Window"
              value={question.window}
              data={[...windows.map(({ name, displayName, academicYear }) => ({ value: name, label: `${displayName} ${academicYear}` })), { value: 'all', label: 'All together' }]}
              onChange={(event) => set({ window: event.currentTarget.value })}
            />
          )}
          {schools.length > 1 && (
            <NativeSelect
              label="School"
              value={question.school}
              data={[{ value: '', label: whole ? 'The whole trust' : 'All of mine' }, ...schools.map(({ name, displayName }) => ({ value: name, label: displayName }))]}
              onChange={(event) => set({ school: event.currentTarget.value })}
            />
          )}
          <NativeSelect
            label="Subject"
            value={question.subject}
            data={[{ value: '', label: 'All' }, ...[...subjects].map(([value, label]) => ({ value, label }))]}
            onChange={(event) => set({ subject: event.currentTarget.value })}
          />
          <Choice
            label="Year group"
            value={question.year}
            options={[{ value: 0 as YearGroup, label: 'All' }, ...YEARS.map((value) => ({ value, label: sayYearGroup(value) }))]}
            onChange={(year) => set({ year })}
          />
          <Choice
            label="Only pupils"
            value={question.group}
            options={[{ value: 0 as PupilGroup, label: 'All pupils' }, ...PUPIL_GROUPS.map(({ group, label }) => ({ value: group, label }))]}
            onChange={(group) => set({ group })}
          />
          <Choice
            label="Gap of"
            value={question.gap}
            options={[{ value: 0 as PupilGroup, label: 'None' }, ...PUPIL_GROUPS.map(({ group, label }) => ({ value: group, label }))]}
            onChange={(gap) => set({ gap })}
          />
          {!byWindow && (
            <NativeSelect
              label="Change since"
              value={question.baseline}
              data={[{ value: '', label: 'None' }, ...windows.filter(({ name }) => name !== question.window).map(({ name, displayName, academicYear }) => ({ value: name, label: `${displayName} ${academicYear}` }))]}
              onChange={(event) => set({ baseline: event.currentTarget.value })}
            />
          )}
        </form>
      )}
      {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="The answer" />}
      {query.data && (
        <>
          {query.data.cells.length === 0 && <Empty title="No results">Nothing that you may see fits this question.</Empty>}
          {question.columns === ResultDimension.BY_WINDOW && <TrendLines table={table} measure={question.measure} gap={question.gap > 0} labelOf={labels} />}
          {question.gap > 0 && question.columns !== ResultDimension.BY_WINDOW && <GapBars table={table} measure={question.measure} labelOf={labels} />}
          {query.data.cells.length > 0 && <AnswerTable question={question} table={table} labelOf={labels} onOpen={setOpened} />}
          {request.transitions && <Transitions cells={query.data.cells} labelOf={labels} />}
          <p className="as-of">
            {Number(query.data.scanned).toLocaleString('en-GB')} results looked at.{' '}
            {query.data.threshold > 0 && `Figures over fewer than ${query.data.threshold} pupils are hidden, and those that would give them back.`}
            {query.data.truncated && ' There are more cells than can be shown: narrow the question.'}
          </p>
        </>
      )}
      <AnalysedPupils question={question} keys={opened} labelOf={labels} onClose={() => setOpened(undefined)} />
    </>
  );
}

function Choice<T extends number>(props: { label: string; value: T; options: { value: T; label: string }[]; onChange: (value: T) => void }) {
  return (
    <NativeSelect
      label={props.label}
      value={String(props.value)}
      data={props.options.map(({ value, label }) => ({ value: String(value), label }))}
      onChange={(event) => props.onChange(Number(event.currentTarget.value) as T)}
    />
  );
}
