// The coverage map itself: a grid that is walked with the arrow keys, whose cells open the drop-ins behind them.
import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { nameIn, usePeople } from '../../app/queries';
import type { Coverage } from '../../gen/fivestrand/leadership/v1/visibility_service_pb';
import { rowsOf, type CoverageCell, type CoverageRow, type CoverageRows } from '../../model/coverage';
import { dayOf, sayAgo } from '../../model/dates';

interface Props {
  coverage: Coverage;
  by: CoverageRows;
  onOpen: (row: CoverageRow, subject: string, title: string) => void;
}

const LEVELS = 4;

export function CoverageGrid({ coverage, by, onOpen }: Props) {
  const people = usePeople();
  const rows = useMemo(() => rowsOf(coverage, by, (name) => nameIn(people, name)), [coverage, by, people]);
  const [at, setAt] = useState<[number, number]>([0, 0]);
  const table = useRef<HTMLTableElement>(null);
  const { subjects } = coverage;
  const most = Math.max(1, ...rows.flatMap((row) => [...row.cells.values()].map((cell) => cell.count)));
  // The grid keeps one stop for the Tab key, also when it gets smaller.
  const stop = [Math.min(at[0], rows.length - 1), Math.min(at[1], subjects.length - 1)];

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
    const target: [number, number] = [Math.min(Math.max(next[0], 0), rows.length - 1), Math.min(Math.max(next[1], 0), subjects.length - 1)];
    setAt(target);
    table.current?.querySelector<HTMLElement>(`[data-at="${target[0]},${target[1]}"]`)?.focus();
  };

  return (
    <div className="grid-scroll">
      <table className="heat" role="grid" aria-labelledby="coverage-title" ref={table}>
        <thead>
          <tr>
            <th scope="col" className="heat-corner">
              {by === 'classes' ? 'Class' : 'Year'}
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
          {rows.map((row, rowIndex) => (
            <tr key={row.key}>
              <th scope="row">
                {row.label}
                {row.hint && <small>{row.hint}</small>}
              </th>
              {subjects.map((subject, column) => {
                const cell = row.cells.get(subject.name);
                const title = `${row.label}, ${subject.displayName}`;
                const openable = (cell?.count ?? 0) > 0;
                const open = () => openable && onOpen(row, subject.name, title);
                return (
                  <td
                    key={subject.name}
                    className={cell ? 'heat-cell' : 'heat-none'}
                    data-at={`${rowIndex},${column}`}
                    data-level={cell ? Math.ceil((cell.count / most) * LEVELS) : undefined}
                    data-openable={openable || undefined}
                    tabIndex={stop[0] === rowIndex && stop[1] === column ? 0 : -1}
                    aria-label={`${title}: ${sayCell(cell, by)}`}
                    onFocus={() => setAt([rowIndex, column])}
                    onClick={open}
                    onKeyDown={(event) => {
                      if (event.key !== 'Enter' && event.key !== ' ') return move(event, rowIndex, column);
                      event.preventDefault();
                      return open();
                    }}
                  >
                    {cell && (cell.count === 0 ? '·' : <span className="heat-count">{cell.count}</span>)}
                    {cell && by === 'years' && (
                      <small>
                        {cell.classesSeen}/{cell.classes}
                      </small>
                    )}
                  </td>
                );
              })}
              <td className="right heat-total">{row.total}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">All</th>
            {subjects.map((subject) => (
              <td key={subject.name} className="heat-total">
                {rows.reduce((sum, row) => sum + (row.cells.get(subject.name)?.count ?? 0), 0)}
              </td>
            ))}
            <td className="right heat-total">{rows.reduce((sum, row) => sum + row.total, 0)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function sayCell(cell: CoverageCell | undefined, by: CoverageRows): string {
  if (!cell) return 'not taught';
  const seen = by === 'years' ? `, ${cell.classesSeen} of ${cell.classes} classes seen` : '';
  if (cell.count === 0) return `none${seen}`;
  return `${cell.count}${cell.seenAt ? `, last ${sayAgo(dayOf(cell.seenAt))}` : ''}${seen}`;
}
