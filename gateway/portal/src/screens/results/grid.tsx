// Typing results: choose class, subject and window, then type as in a spreadsheet. Saved as one goes; what is refused says why.
import { Button, NativeSelect } from '@mantine/core';
import { useSearch, useLocation } from 'wouter';
import { idOf, schoolName } from '../../api/names';
import { useSession } from '../../app/auth';
import { useSchoolClasses, useSubjects, nameIn } from '../../app/queries';
import { AssessmentWindow_Entry } from '../../gen/fivestrand/assessment/v1/framework_pb';
import { fromProtoDate, sayDay, saySpan, today } from '../../model/dates';
import { mayOpenEveryGrid, schoolsOf } from '../../model/roles';
import { Empty, Loading, PageHead, ProblemNote } from '../../ui/parts';
import { GridTable } from './grid-table';
import { useGrid, useWindows } from './queries';

export default function GridScreen() {
  const session = useSession();
  const [, navigate] = useLocation();
  const params = new URLSearchParams(useSearch());
  const { windows, pending, error } = useWindows();
  const subjects = useSubjects();
  const schools = schoolsOf(session);
  const school = params.get('school') ? schoolName(session.trust, params.get('school') ?? '') : (schools[0]?.name ?? '');
  const classes = [...useSchoolClasses(school || undefined).values()].sort((a, b) => a.displayName.localeCompare(b.displayName, 'en', { numeric: true }));
  const window = windows.find(({ name }) => idOf(name) === params.get('window')) ?? windows.find(({ entry }) => entry === AssessmentWindow_Entry.OPEN) ?? windows[0];
  const inWindow = classes.filter(({ academicYear }) => !window || !academicYear || idOf(academicYear) === window.academicYear);
  const taught = inWindow.filter(({ teachers }) => teachers.includes(session.person));
  // One's own classes come first; who only teaches has no others.
  const current = mayOpenEveryGrid(session) ? [...taught, ...inWindow.filter((one) => !taught.includes(one))] : taught;
  const chosen = current.find(({ name }) => idOf(name) === params.get('class')) ?? current[0];
  const assessed = (window?.subjects ?? []).filter(({ yearGroups }) => yearGroups.length === 0 || (chosen && yearGroups.includes(chosen.yearGroup)));
  const inClass = assessed.filter(({ subject }) => !chosen || chosen.subjects.length === 0 || chosen.subjects.includes(subject));
  const offered = inClass.length > 0 ? inClass : assessed;
  const subject = offered.find((one) => idOf(one.subject) === params.get('subject')) ?? offered[0];
  const query = useGrid(chosen?.name ?? '', subject?.subject ?? '', window?.name ?? '', subject?.scale ?? '');

  const set = (key: string, value: string, ...forget: string[]) => {
    const next = new URLSearchParams(params);
    next.set(key, value);
    for (const other of forget) next.delete(other);
    navigate(`/results/grid?${next}`, { replace: true });
  };
  const end = fromProtoDate(window?.endDate);
  const start = fromProtoDate(window?.startDate);
  return (
    <>
      <PageHead title="Enter results">
        {window
          ? `${window.displayName}${start && end ? `, ${saySpan(start, end)}` : ''}${window.entry === AssessmentWindow_Entry.CLOSED ? ', closed' : end && end < today() ? `, was due ${sayDay(end)}` : ''}`
          : 'Choose a class, a subject and a window.'}
      </PageHead>
      {pending && <Loading lines={4} />}
      {error != null && <ProblemNote error={error} title="The windows" />}
      {!pending && !error && windows.length === 0 && <Empty title="No assessment window">A data lead opens one before results can be typed.</Empty>}
      {windows.length > 0 && (
        <div className="question no-print">
          {schools.length > 1 && (
            <NativeSelect
              label="School"
              value={idOf(school)}
              data={schools.map(({ name, displayName }) => ({ value: idOf(name), label: displayName }))}
              onChange={(event) => set('school', event.currentTarget.value, 'class', 'subject')}
            />
          )}
          <NativeSelect
            label="Window"
            value={window ? idOf(window.name) : ''}
            data={windows.map(({ name, displayName, academicYear }) => ({ value: idOf(name), label: `${displayName} ${academicYear}` }))}
            onChange={(event) => set('window', event.currentTarget.value)}
          />
          <NativeSelect
            label="Class"
            value={chosen ? idOf(chosen.name) : ''}
            data={current.map(({ name, displayName }) => ({ value: idOf(name), label: displayName }))}
            onChange={(event) => set('class', event.currentTarget.value, 'subject')}
          />
          <NativeSelect
            label="Subject"
            value={subject ? idOf(subject.subject) : ''}
            data={offered.map((one) => ({ value: idOf(one.subject), label: nameIn(subjects, one.subject) }))}
            onChange={(event) => set('subject', event.currentTarget.value)}
          />
          <Button variant="default" onClick={() => globalThis.print()}>
            Print
          </Button>
        </div>
      )}
      {chosen && subject && query.isPending && <Loading lines={8} />}
      {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="The grid" />}
      {windows.length > 0 && inWindow.length > 0 && current.length === 0 && (
        <Empty title="None of your classes">You teach no class in the year of this window. The data lead keeps who teaches what.</Empty>
      )}
      {chosen && windows.length > 0 && !query.isPending && offered.length === 0 && <Empty title="Nothing is assessed">This window assesses no subject in this class’s year.</Empty>}
      {query.data && chosen && subject && window && (
        <GridTable
          key={[chosen.name, subject.subject, window.name].join(' ')}
          grid={query.data}
          parent={chosen.name}
          subject={subject.subject}
          window={window.name}
          scale={subject.scale}
          onSaved={query.refetch}
        />
      )}
    </>
  );
}
