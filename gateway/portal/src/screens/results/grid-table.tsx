// The grid itself. Arrow keys and Enter move, typing replaces, a block can be pasted, Ctrl D fills down, Ctrl Z undoes.
import { Button } from '@mantine/core';
import { useCallback, useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { newRequestId } from '../../api/ids';
import { idOf } from '../../api/names';
import { problemOf } from '../../api/errors';
import { usePeople } from '../../app/queries';
import { useClient } from '../../app/services';
import { Scale_Kind } from '../../gen/fivestrand/assessment/v1/framework_pb';
import { ResultService, type Grid } from '../../gen/fivestrand/assessment/v1/results_pb';
import { sayWhen, toInstant } from '../../model/dates';
import { countOf, fillDown, openGrid, pasted, refresh, resolve, send, settle, type, undo, unsent, type Cell, type GridModel } from '../../model/grid';
import { TableHead } from '../../ui/parts';
import { sayAuthor } from './labels';

// Saved this long after the last key, so that a column typed in one go is one call.
const SAVE_MS = 700;
const RETRY_MS = 5_000;

type Change = (model: GridModel) => GridModel;

interface Props {
  grid: Grid;
  parent: string;
  subject: string;
  window: string;
  scale: string;
  onSaved: () => void;
}

export function GridTable(props: Props) {
  const { grid } = props;
  const client = useClient(ResultService);
  const people = usePeople();
  const [model, show] = useState(() => openGrid(grid.rows, grid.writable));
  // What stands now, also before it is drawn: an answer can be quicker than the page, and nothing is sent twice.
  const latest = useRef(model);
  const apply = useCallback((change: Change) => {
    latest.current = change(latest.current);
    show(latest.current);
  }, []);
  const table = useRef<HTMLTableElement>(null);
  const anchor = useRef(0);
  const busy = useRef(false);
  const problem = useRef('');

  useEffect(() => apply((before) => refresh(before, grid)), [apply, grid]);

  const { parent, subject, window: at, scale, onSaved } = props;
  const save = useCallback(async (): Promise<void> => {
    if (busy.current) return;
    const sending = send(latest.current);
    if (sending.cells.length === 0) return;
    busy.current = true;
    apply(() => sending.model);
    const sent = new Map(sending.cells.map(({ pupil, outcome }) => [pupil, outcome]));
    try {
      const answer = await client.bulkUpsertResults({ parent, subject, window: at, scale, cells: sending.cells, requestId: newRequestId() });
      problem.current = '';
      apply((before) => settle(before, sent, answer));
      onSaved();
    } catch (error) {
      problem.current = problemOf(error).title;
      apply(unsent);
    } finally {
      busy.current = false;
    }
  }, [apply, client, parent, subject, at, scale, onSaved]);

  const waiting = model.cells.some(({ state }) => state === 'typed');
  const typed = model.cells.map(({ state, text }) => (state === 'typed' ? text : '')).join('\n');
  useEffect(() => {
    if (!waiting) return undefined;
    // Again and again, for what is typed while a call is under way is not sent by it.
    const timer = setInterval(() => void save(), problem.current ? RETRY_MS : SAVE_MS);
    return () => clearInterval(timer);
  }, [waiting, typed, save]);

  // Leaving the page sends what is typed at once; closing the tab asks first.
  useEffect(() => {
    const onUnload = (event: BeforeUnloadEvent) => {
      if (countOf(latest.current).waiting > 0) event.preventDefault();
    };
    window.addEventListener('beforeunload', onUnload);
    return () => {
      window.removeEventListener('beforeunload', onUnload);
      void save();
    };
  }, [save]);

  const focus = (index: number) => {
    const input = table.current?.querySelector<HTMLInputElement>(`[data-index="${index}"]`);
    input?.focus();
    input?.select();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>, index: number) => {
    const control = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    const move = (to: number) => {
      event.preventDefault();
      focus(Math.max(0, Math.min(model.cells.length - 1, to)));
    };
    if (control && key === 'z') {
      event.preventDefault();
      apply(undo);
    } else if (control && key === 'd') {
      event.preventDefault();
      // From the cell above, or from where the selection began with Shift.
      const from = event.shiftKey ? anchor.current : index - 1;
      if (from >= 0 && from < index) apply((before) => type(before, fillDown(before, from, index)));
    } else if (key === 'arrowdown' || key === 'enter') move(event.shiftKey && key === 'enter' ? index - 1 : index + 1);
    else if (key === 'arrowup') move(index - 1);
    else if (key === 'home' && control) move(0);
    else if (key === 'end' && control) move(model.cells.length - 1);
    else if (key === 'escape') {
      const cell = model.cells[index];
      if (cell && cell.text !== cell.outcome) apply((before) => type(before, [{ index, text: cell.outcome }]));
    }
  };

  const counts = countOf(model);
  const codes = grid.scale?.codes.filter(({ outside }) => !outside).map(({ code }) => code) ?? [];
  const outside = grid.scale?.codes.filter(({ outside: is }) => is).map(({ code, label }) => `${code} ${label}`.trim()) ?? [];
  const rows = new Map(grid.rows.map((row) => [row.pupil, row]));
  return (
    <section aria-label="Grid">
      <p className="as-of" role="status">
        {problem.current && counts.waiting > 0
          ? `${problem.current}. ${counts.waiting} not saved yet; they are sent again by themselves.`
          : counts.waiting > 0
            ? `Saving ${counts.waiting}`
            : counts.refused > 0
              ? `${counts.refused} not saved: see below`
              : model.cells.some(({ state }) => state === 'saved')
                ? 'All saved'
                : `${model.cells.length} pupils`}
      </p>
      <p className="who-reads no-print">
        {grid.scale?.displayName}:{' '}
        {grid.scale?.kind === Scale_Kind.NUMERIC
          ? `${Number(grid.scale.minimumThousandths) / 1000} to ${Number(grid.scale.maximumThousandths) / 1000}`
          : codes.join(', ')}
        {outside.length > 0 && `; ${outside.join(', ')}`}. Arrow keys and Enter move, <kbd>Ctrl</kbd> <kbd>D</kbd> fills down, <kbd>Ctrl</kbd> <kbd>Z</kbd> undoes; a
        column can be pasted from a spreadsheet.
      </p>
      <table className="numbers result-grid" ref={table}>
        <caption className="sr-only">Results</caption>
        <TableHead left={['Pupil', 'Result', 'Last change']} />
        <tbody>
          {model.cells.map((cell, index) => {
            const row = rows.get(cell.pupil);
            const name = row ? `${row.familyName}, ${row.givenName}` : idOf(cell.pupil);
            const changed = toInstant(row?.cell?.updateTime);
            return (
              <tr key={cell.pupil} data-state={cell.state}>
                <th scope="row" id={`pupil-${index}`}>
                  {name}
                </th>
                <td>
                  <input
                    data-index={index}
                    className="grid-input"
                    aria-labelledby={`pupil-${index}`}
                    aria-invalid={cell.state === 'refused' || cell.state === 'changed' || undefined}
                    aria-describedby={cell.message ? `why-${index}` : undefined}
                    autoComplete="off"
                    autoCapitalize="characters"
                    spellCheck={false}
                    maxLength={20}
                    disabled={cell.locked}
                    value={cell.text}
                    onChange={(event) => {
                      const text = event.currentTarget.value;
                      apply((before) => type(before, [{ index, text }]));
                    }}
                    onBlur={() => void save()}
                    onFocus={(event) => {
                      anchor.current = index;
                      event.currentTarget.select();
                    }}
                    onKeyDown={(event) => onKeyDown(event, index)}
                    onPaste={(event) => {
                      const text = event.clipboardData.getData('text/plain');
                      if (!/[\n\t]/.test(text)) return;
                      event.preventDefault();
                      apply((before) => type(before, pasted(text, index)));
                    }}
                  />
                  <Mark cell={cell} index={index} onResolve={(keep) => apply((before) => resolve(before, index, keep))} />
                </td>
                <td className="as-of">
                  {row?.cell?.author && changed && `${sayAuthor(people, row.cell.author)}, ${sayWhen(changed)}`}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Mark({ cell, index, onResolve }: { cell: Cell; index: number; onResolve: (keep: 'mine' | 'theirs') => void }) {
  if (cell.state === 'changed') {
    return (
      <span className="grid-why" id={`why-${index}`} role="alert">
        {cell.message}: {cell.theirs || 'taken away'}
        <Button size="compact-sm" variant="default" onClick={() => onResolve('theirs')}>
          Keep theirs
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => onResolve('mine')}>
          Keep mine ({cell.text || 'empty'})
        </Button>
      </span>
    );
  }
  if (cell.message) {
    return (
      <span className="grid-why" id={`why-${index}`}>
        {cell.message}
      </span>
    );
  }
  return <span className="grid-mark">{cell.state === 'saved' ? 'saved' : cell.state === 'sending' ? 'saving' : ''}</span>;
}
