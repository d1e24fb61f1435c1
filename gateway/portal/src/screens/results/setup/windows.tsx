// The assessment windows of a year: what each assesses, which are open; closing, extending, removing; and planning a whole year.
import { create } from '@bufbuild/protobuf';
import { FieldMaskSchema } from '@bufbuild/protobuf/wkt';
import { Button, NativeSelect } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newRequestId } from '../../../api/ids';
import { idOf } from '../../../api/names';
import { useSession } from '../../../app/auth';
import { useParam } from '../../../app/hooks';
import { useClient } from '../../../app/services';
import { AssessmentWindow_Entry as Entry, type AssessmentWindow } from '../../../gen/fivestrand/assessment/v1/framework_pb';
import { FrameworkService } from '../../../gen/fivestrand/assessment/v1/framework_service_pb';
import { fromProtoDate, saySpan, today } from '../../../model/dates';
import { mayKeepPupils } from '../../../model/roles';
import { KIND_WORDS, planAfter, sayYear, stateOf, STATE_WORDS, yearAfter, yearIdOf } from '../../../model/windows';
import { useAction } from '../../../ui/action';
import { PlusIcon } from '../../../ui/icons';
import { Empty, Loading, PageHead, ProblemNote } from '../../../ui/parts';
import { ListRow } from '../../../ui/list-row';
import { useRemoval } from '../../../ui/removal';
import { Sheet } from '../../../ui/sheet';
import { useToast } from '../../../ui/toast';
import { useWindows } from '../queries';
import { AssessedTable } from './assessed-table';
import { WindowForm } from './window-form';
import { YearPlan } from './year-plan';

export default function WindowsScreen() {
  const keeps = mayKeepPupils(useSession());
  const { windows, pending, error } = useWindows();
  const current = yearIdOf(today());
  const years = [...new Set([current, ...windows.map(({ academicYear }) => academicYear)])].sort().reverse();
  const [chosen, setYear] = useState(current);
  const year = years.includes(chosen) ? chosen : current;
  const opened = useParam('window');
  const listed = windows.filter(({ academicYear }) => academicYear === year).reverse();
  const window = windows.find(({ name }) => idOf(name) === opened.value);
  // From the year before into this one while something of it is missing here, and from this one on.
  const before = years.find((id) => yearAfter(id) === year);
  const plans = [before, year].filter((id): id is string => id !== undefined && planAfter(windows, id).some((row) => row.chosen));
  const planned = /^after-(20\d\d-\d\d)$/.exec(opened.value ?? '')?.[1];
  return (
    <>
      <PageHead
        title="Assessment windows"
        actions={
          keeps && (
            <Button leftSection={<PlusIcon size={20} />} onClick={() => opened.open('new')}>
              Window
            </Button>
          )
        }
      >
        When results are taken, and of what.
      </PageHead>
      <div className="question">
        <NativeSelect label="Academic year" value={year} data={years.map((id) => ({ value: id, label: sayYear(id) }))} onChange={(event) => setYear(event.currentTarget.value)} />
      </div>
      {keeps && plans.length > 0 && (
        <div className="setup-actions">
          {plans.map((id) => (
            <Button key={id} variant="default" onClick={() => opened.open(`after-${id}`)}>
              Plan {sayYear(yearAfter(id))} from {sayYear(id)}
            </Button>
          ))}
        </div>
      )}
      {pending && <Loading lines={5} />}
      {Boolean(error) && <ProblemNote error={error} title="Windows" />}
      {!pending && !error && listed.length === 0 && <Empty title={`No windows in ${sayYear(year)}`}>Add one, or plan the year from the one before.</Empty>}
      <ul className="record-list">
        {listed.map((each) => (
          <ListRow key={each.name} title={each.displayName} onOpen={() => opened.open(idOf(each.name))}>
            {sayWindow(each)}
          </ListRow>
        ))}
      </ul>
      <Sheet
        opened={opened.value !== undefined && (opened.value === 'new' || planned !== undefined || window !== undefined)}
        onClose={opened.close}
        title={opened.value === 'new' ? 'A window' : planned ? `Windows of ${sayYear(yearAfter(planned))}` : (window?.displayName ?? '')}
        wide
      >
        {opened.value === 'new' && <WindowForm year={year} onDone={opened.close} />}
        {planned && (
          <YearPlan
            from={planned}
            onDone={(made) => {
              setYear(made);
              opened.close();
            }}
          />
        )}
        {window && keeps && (
          <>
            <Taking window={window} />
            <WindowForm key={window.name} window={window} year={window.academicYear} onDone={opened.close} />
            <RemoveWindow window={window} onDone={opened.close} />
          </>
        )}
        {window && !keeps && (
          <>
            <p className="as-of">{sayWindow(window)}.</p>
            <AssessedTable caption="What is assessed" lines={window.subjects} />
          </>
        )}
      </Sheet>
    </>
  );
}

function sayWindow(window: AssessmentWindow): string {
  const start = fromProtoDate(window.startDate);
  const end = fromProtoDate(window.endDate);
  const subjects = new Set(window.subjects.map(({ subject }) => subject)).size;
  return [
    KIND_WORDS[window.kind],
    start && end && saySpan(start, end),
    STATE_WORDS[stateOf(window, today())],
    subjects === 1 ? '1 subject' : `${subjects} subjects`,
  ]
    .filter(Boolean)
    .join(' · ');
}

// Opens and closes a window, which can be taken back.
function Taking({ window }: { window: AssessmentWindow }) {
  const client = useClient(FrameworkService);
  const queries = useQueryClient();
  const toast = useToast();
  const { run, busy, problem } = useAction();
  const state = stateOf(window, today());
  const set = async (entry: Entry) => {
    await client.updateAssessmentWindow({
      assessmentWindow: { name: window.name, entry },
      updateMask: create(FieldMaskSchema, { paths: ['entry'] }),
      requestId: newRequestId(),
    });
    await queries.invalidateQueries({ queryKey: ['windows'] });
  };
  const turn = (entry: Entry) =>
    run(async () => {
      await set(entry);
      const text = entry === Entry.CLOSED ? `${window.displayName} is closed: no result changes any more` : `${window.displayName} takes results again`;
      const back = entry === Entry.CLOSED ? Entry.OPEN : Entry.CLOSED;
      toast({ text, action: { label: 'Undo', run: () => set(back) } });
    });
  return (
    <section className="taking">
      {problem}
      <p className="as-of">{sayWindow(window)}.</p>
      <Button variant="default" loading={busy} onClick={() => void turn(state === 'closed' ? Entry.OPEN : Entry.CLOSED)}>
        {state === 'closed' ? 'Open it again' : 'Close it to results'}
      </Button>
    </section>
  );
}

function RemoveWindow({ window, onDone }: { window: AssessmentWindow; onDone: () => void }) {
  const client = useClient(FrameworkService);
  const queries = useQueryClient();
  const removeWithUndo = useRemoval();
  const { run, busy, problem } = useAction();
  const remove = () =>
    run(async () => {
      await removeWithUndo({
        text: `Removed: ${window.displayName}`,
        remove: () => client.deleteAssessmentWindow({ name: window.name, requestId: newRequestId() }),
        bringBack: () => client.undeleteAssessmentWindow({ name: window.name, requestId: newRequestId() }),
        refetch: () => queries.invalidateQueries({ queryKey: ['windows'] }),
      });
      onDone();
    });
  return (
    <div className="remove">
      {problem}
      <Button variant="subtle" color="red" loading={busy} onClick={() => void remove()}>
        Remove this window
      </Button>
      <p className="as-of">Only while it has no results.</p>
    </div>
  );
}
