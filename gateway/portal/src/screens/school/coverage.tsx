// Which classes were seen in which subjects. A table with numbers; the shade only repeats them.
import { SegmentedControl } from '@mantine/core';
import { create } from '@bufbuild/protobuf';
import { useRef, useState, type KeyboardEvent } from 'react';
import { problemOf } from '../../api/errors';
import { between, nameIn, useCoverage, usePeople } from '../../app/queries';
import { RecordQuerySchema, type RecordQuery } from '../../gen/fivestrand/evidence/v1/evidence_pb';
import { academicYearStart, addDays, dayOf, fromProtoDate, sayAgo, saySpan, toInstant, today } from '../../model/dates';
import { NO_VALUE } from '../../model/words';
import { Empty, Loading, ProblemNote } from '../../ui/parts';
import { RecordsDrawer } from './records';

type Span = 'half-term' | 'weeks' | 'year';

export function CoverageMap({ school, hidden }: { school: string; hidden: boolean }) {
  const [span, setSpan] = useState<Span>('half-term');
  const [behind, setBehind] = useState<{ title: string; query: RecordQuery }>();
  const now = today();
  const bounds =
    span === 'half-term' ? {} : span === 'weeks' ? { from: addDays(now, -27), to: now } : { from: academicYearStart(now), to: now };
  const query = useCoverage(school, bounds, !hidden);
  const refused = query.isError && problemOf(query.error).reason === 'PERMISSION_DENIED';
  const from = fromProtoDate(query.data?.startDate);
  const to = fromProtoDate(query.data?.endDate);
  return (
    <section aria-labelledby="coverage-title" className="coverage">
      <h2 id="coverage-title" className="element-title">
        <span className="element-number">1.3</span> Coverage of classes and subjects
      </h2>
      {hidden || refused ? (
        <Empty title={NO_VALUE[2].title}>
          A class stands close to its teacher, so coverage is for those who may read the drop-ins themselves.
        </Empty>
      ) : (
        <>
          <div className="coverage-head">
            <SegmentedControl
              className="no-print"
              value={span}
              onChange={(value) => setSpan(value as Span)}
              aria-label="Span"
              data={[
                { value: 'half-term', label: 'Half term' },
                { value: 'weeks', label: '4 weeks' },
                { value: 'year', label: 'Year so far' },
              ]}
            />
            {from && to && (
              <p className="as-of">
                Drop-ins, {saySpan(from, to, now)}. A dot means none; a blank, that the class is not taught the subject. “All” includes
                drop-ins without a subject.
              </p>
            )}
          </div>
          {query.isPending && <Loading lines={5} />}
          {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="Coverage" />}
          {query.data && query.data.cells.length === 0 && (
            <Empty title="No classes">No class of this school is taught a subject in this span.</Empty>
          )}
          {query.data && query.data.cells.length > 0 && (
            <Grid
              coverage={query.data}
              onOpen={(schoolClass, subject, title) =>
                setBehind({
                  title,
                  query: create(RecordQuerySchema, {
                    collection: `${school}/dropIns`,
                    filter: [
                      `school_class = ${JSON.stringify(schoolClass)}`,
                      `subject = ${JSON.stringify(subject)}`,
                      from && to ? between(from, addDays(to, 1)) : '',
                    ]
                      .filter(Boolean)
                      .join(' AND '),
                  }),
                })
              }
            />
          )}
        </>
      )}
      <RecordsDrawer
        opened={behind !== undefined}
        onClose={() => setBehind(undefined)}
        title={behind?.title ?? ''}
        queries={behind ? [behind.query] : []}
        school={school}
      />
    </section>
  );
}

type CoverageData = NonNullable<ReturnType<typeof useCoverage>['data']>;

function Grid({ coverage, onOpen }: { coverage: CoverageData; onOpen: (schoolClass: string, subject: string, title: string) => void }) {
  const people = usePeople();
  const [focus, setFocus] = useState<[number, number]>([0, 0]);
  const table = useRef<HTMLTableElement>(null);
  const cells = new Map(coverage.cells.map((cell) => [`${cell.schoolClass} ${cell.subject}`, cell]));
  const most = Math.max(1, ...coverage.cells.map((cell) => cell.dropInCount));
  const { classes, subjects } = coverage;
  const total = (count: (key: string) => boolean) =>
    coverage.cells.filter((cell) => count(`${cell.schoolClass} ${cell.subject}`)).reduce((sum, cell) => sum + cell.dropInCount, 0);

  const move = (event: KeyboardEvent, row: number, column: number) => {
    const steps: Record<string, [number, number]> = {
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      Home: [row, 0],
      End: [row, subjects.length - 1],
    };
    const next = steps[event.key];
    if (!next) return;
    event.preventDefault();
    const target: [number, number] = [
      Math.min(Math.max(next[0], 0), classes.length - 1),
      Math.min(Math.max(next[1], 0), subjects.length - 1),
    ];
    setFocus(target);
    table.current?.querySelector<HTMLElement>(`[data-at="${target[0]},${target[1]}"]`)?.focus();
  };

  return (
    <div className="grid-scroll">
      <table className="heat" role="grid" aria-labelledby="coverage-title" ref={table}>
        <thead>
          <tr>
            <th scope="col" className="heat-corner">
              Class
            </th>
            {subjects.map((subject) => (
              <th key={subject.name} scope="col">
                <span>{subject.displayName}</span>
              </th>
            ))}
            <th scope="col" className="right">
              <span>All</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {classes.map((entry, row) => (
            <tr key={entry.schoolClass}>
              <th scope="row">
                {entry.displayName}
                <small>
                  {entry.teachers
                    .map((name) => nameIn(people, name))
                    .slice(0, 1)
                    .join('')}
                </small>
              </th>
              {subjects.map((subject, column) => {
                const cell = cells.get(`${entry.schoolClass} ${subject.name}`);
                const at = {
                  'data-at': `${row},${column}`,
                  tabIndex: focus[0] === row && focus[1] === column ? 0 : -1,
                  onKeyDown: (event: KeyboardEvent) => move(event, row, column),
                  onFocus: () => setFocus([row, column]),
                };
                if (!cell)
                  return (
                    <td
                      key={subject.name}
                      {...at}
                      className="heat-none"
                      aria-label={`${entry.displayName}, ${subject.displayName}: not taught`}
                    />
                  );
                const seen = toInstant(cell.lastSeenTime);
                const title = `${entry.displayName}, ${subject.displayName}`;
                const open = () => cell.dropInCount > 0 && onOpen(entry.schoolClass, subject.name, title);
                return (
                  <td
                    key={subject.name}
                    {...at}
                    className="heat-cell"
                    data-level={cell.dropInCount === 0 ? 0 : Math.ceil((cell.dropInCount / most) * 4)}
                    aria-label={`${title}: ${cell.dropInCount === 0 ? 'none' : `${cell.dropInCount}, last ${seen ? sayAgo(dayOf(seen)) : ''}`}`}
                    data-openable={cell.dropInCount > 0 || undefined}
                    onClick={open}
                    onKeyDown={(event) => {
                      if (event.key === 'Enter' || event.key === ' ') {
                        event.preventDefault();
                        open();
                      } else move(event, row, column);
                    }}
                  >
                    {cell.dropInCount === 0 ? '·' : cell.dropInCount}
                  </td>
                );
              })}
              <td className="right heat-total">{entry.dropInCount}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">All</th>
            {subjects.map((subject) => (
              <td key={subject.name} className="heat-total">
                {total((key) => key.endsWith(` ${subject.name}`))}
              </td>
            ))}
            <td className="right heat-total">{classes.reduce((sum, entry) => sum + entry.dropInCount, 0)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
