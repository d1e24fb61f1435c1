// The grid in which results are typed: what stands in each cell, what is typed, what is on its way, and what was refused. Pure, so that
// two people in one grid can be tested without a browser.
import { CellRefusal, type BulkUpsertResultsResponse, type Grid, type Grid_Row } from '../gen/fivestrand/assessment/v1/results_pb';

export type CellState = 'same' | 'typed' | 'sending' | 'saved' | 'refused' | 'changed';

export interface Cell {
  pupil: string;
  // As the service has it.
  outcome: string;
  revision: bigint;
  // As it is typed; equal to `outcome` when there is nothing to save.
  text: string;
  state: CellState;
  // Why it was refused, in plain words.
  message: string;
  // What somebody else wrote meanwhile, when `changed`.
  theirs: string;
  theirRevision: bigint;
  // A cell that cannot be written at all, for example of a pupil who has moved.
  locked: boolean;
}

export interface Step {
  index: number;
  text: string;
}

export interface GridModel {
  cells: Cell[];
  // What undo brings back, newest last: the texts before each change.
  undo: Step[][];
}

export const REFUSAL_WORDS: Record<CellRefusal, string> = {
  [CellRefusal.CELL_REFUSAL_UNSPECIFIED]: '',
  [CellRefusal.WINDOW_CLOSED]: 'The window is closed',
  [CellRefusal.OFF_SCALE]: 'Not on the scale',
  [CellRefusal.CHANGED_MEANWHILE]: 'Somebody else changed it',
  [CellRefusal.NOT_IN_CLASS]: 'Not in this class in the window',
  [CellRefusal.MOVED_AWAY]: 'In another school by now, which enters the result',
  [CellRefusal.NAMED_TWICE]: 'Named twice',
};

// What would be right is worth its place only where the scale says it.
function sayRefusal(refusal: CellRefusal, detail: string): string {
  const words = REFUSAL_WORDS[refusal] || detail;
  return refusal === CellRefusal.OFF_SCALE && detail ? `${words}: ${detail}` : words;
}

const MOST_UNDO = 100;

export function openGrid(rows: Grid_Row[], writable: boolean): GridModel {
  return {
    undo: [],
    cells: rows.map((row) => ({
      pupil: row.pupil,
      outcome: row.cell?.outcome ?? '',
      revision: row.cell?.revision ?? 0n,
      text: row.cell?.outcome ?? '',
      state: 'same',
      message: REFUSAL_WORDS[row.refusal],
      theirs: '',
      theirRevision: 0n,
      locked: !writable || row.refusal !== CellRefusal.CELL_REFUSAL_UNSPECIFIED,
    })),
  };
}

// Takes over what the service has now without touching what is being typed or on its way.
export function refresh(model: GridModel, grid: Grid): GridModel {
  const fresh = new Map(openGrid(grid.rows, grid.writable).cells.map((cell) => [cell.pupil, cell]));
  const known = new Set(model.cells.map(({ pupil }) => pupil));
  const cells = model.cells.flatMap((cell) => {
    const now = fresh.get(cell.pupil);
    if (!now) return cell.state === 'same' || cell.state === 'saved' ? [] : [cell];
    if (cell.state === 'same' || cell.state === 'saved') return [{ ...now, state: cell.state }];
    return [{ ...cell, locked: now.locked }];
  });
  return { ...model, cells: [...cells, ...[...fresh.values()].filter(({ pupil }) => !known.has(pupil))] };
}

function write(cell: Cell, text: string): Cell {
  // What is on its way is settled first: then this is compared with what stands there.
  if (cell.state === 'sending') return { ...cell, text };
  if (text === cell.outcome) return { ...cell, text, state: 'same', message: '', theirs: '' };
  return { ...cell, text, state: 'typed', message: '' };
}

// Writes texts into unlocked cells as one step that undo takes back.
export function type(model: GridModel, steps: Step[]): GridModel {
  const allowed = steps.filter(({ index, text }) => {
    const cell = model.cells[index];
    return cell && !cell.locked && cell.text !== text;
  });
  if (allowed.length === 0) return model;
  const before = allowed.map(({ index }) => ({ index, text: model.cells[index]?.text ?? '' }));
  const texts = new Map(allowed.map(({ index, text }) => [index, text]));
  return {
    cells: model.cells.map((cell, index) => (texts.has(index) ? write(cell, texts.get(index) ?? '') : cell)),
    undo: [...model.undo, before].slice(-MOST_UNDO),
  };
}

// A block from a spreadsheet, from `index` downwards: the first column of each line.
export function pasted(block: string, index: number): Step[] {
  const lines = block.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n');
  return lines.map((line, offset) => ({ index: index + offset, text: (line.split('\t')[0] ?? '').trim() }));
}

export function fillDown(model: GridModel, from: number, to: number): Step[] {
  const text = model.cells[from]?.text ?? '';
  return Array.from({ length: Math.max(0, to - from) }, (_, offset) => ({ index: from + 1 + offset, text }));
}

export function undo(model: GridModel): GridModel {
  const last = model.undo.at(-1);
  if (!last) return model;
  const texts = new Map(last.map(({ index, text }) => [index, text]));
  return {
    cells: model.cells.map((cell, index) => (texts.has(index) ? write(cell, texts.get(index) ?? '') : cell)),
    undo: model.undo.slice(0, -1),
  };
}

// What is to be sent, and the grid while it is on its way.
export function send(model: GridModel): { model: GridModel; cells: { pupil: string; outcome: string; expectedRevision: bigint }[] } {
  const cells = model.cells.filter(({ state }) => state === 'typed');
  return {
    cells: cells.map(({ pupil, text, revision }) => ({ pupil, outcome: text, expectedRevision: revision })),
    model: { ...model, cells: model.cells.map((cell) => (cell.state === 'typed' ? { ...cell, state: 'sending' } : cell)) },
  };
}

// The answer to what was sent as `sent` by pupil.
export function settle(model: GridModel, sent: Map<string, string>, answer: BulkUpsertResultsResponse): GridModel {
  const outcomes = new Map(answer.outcomes.map((outcome) => [outcome.pupil, outcome]));
  return {
    ...model,
    cells: model.cells.map((cell) => {
      const outcome = outcomes.get(cell.pupil);
      if (cell.state !== 'sending' || !outcome) return cell;
      const retyped = cell.text !== sent.get(cell.pupil);
      const current = { outcome: outcome.current?.outcome ?? '', revision: outcome.current?.revision ?? 0n };
      // It stands there as it was sent: somebody wrote the same, or this was sent again because the first answer was lost.
      const stands = outcome.refusal === CellRefusal.CHANGED_MEANWHILE && current.outcome === sent.get(cell.pupil);
      if (outcome.refusal === CellRefusal.CELL_REFUSAL_UNSPECIFIED || stands) {
        // Written in the meantime: it is sent as well.
        if (retyped) return { ...cell, ...current, state: cell.text === current.outcome ? 'saved' : 'typed', message: '' };
        return { ...cell, ...current, text: current.outcome, state: 'saved', message: '', theirs: '' };
      }
      if (outcome.refusal === CellRefusal.CHANGED_MEANWHILE) {
        return {
          ...cell,
          state: 'changed',
          message: REFUSAL_WORDS[outcome.refusal],
          theirs: current.outcome,
          theirRevision: current.revision,
        };
      }
      if (retyped) return { ...cell, state: 'typed', message: '' };
      return { ...cell, state: 'refused', message: sayRefusal(outcome.refusal, outcome.message) };
    }),
  };
}

// What was on its way did not arrive: it is to be sent again.
export function unsent(model: GridModel): GridModel {
  return { ...model, cells: model.cells.map((cell) => (cell.state === 'sending' ? { ...cell, state: 'typed' } : cell)) };
}

// Ends a conflict: with what somebody else wrote, or with one's own over it.
export function resolve(model: GridModel, index: number, keep: 'mine' | 'theirs'): GridModel {
  return {
    ...model,
    cells: model.cells.map((cell, at) => {
      if (at !== index || cell.state !== 'changed') return cell;
      const now = { ...cell, outcome: cell.theirs, revision: cell.theirRevision, message: '', theirs: '' };
      return keep === 'theirs' ? { ...now, text: now.outcome, state: 'same' } : write({ ...now, state: 'same' }, cell.text);
    }),
  };
}

export function countOf(model: GridModel): Record<'waiting' | 'refused', number> {
  let waiting = 0;
  let refused = 0;
  for (const { state } of model.cells) {
    if (state === 'typed' || state === 'sending') waiting += 1;
    if (state === 'refused' || state === 'changed') refused += 1;
  }
  return { waiting, refused };
}
