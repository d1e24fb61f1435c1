import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { BulkUpsertResultsResponseSchema, CellRefusal, GridSchema } from '../gen/fivestrand/assessment/v1/results_pb';
import { countOf, fillDown, openGrid, pasted, refresh, resolve, send, settle, type, undo, unsent } from './grid';

const PUPILS = ['ada', 'ben', 'cas'];

function grid(outcomes: string[], revision = 1n, refusals: CellRefusal[] = []) {
  return create(GridSchema, {
    writable: true,
    rows: PUPILS.map((pupil, index) => ({ pupil, cell: { outcome: outcomes[index] ?? '', revision }, refusal: refusals[index] ?? 0 })),
  });
}
const opened = (outcomes = ['EXS', '', 'WTS'], refusals: CellRefusal[] = []) => openGrid(grid(outcomes, 1n, refusals).rows, true);
const texts = (model: ReturnType<typeof opened>) => model.cells.map(({ text }) => text);
const states = (model: ReturnType<typeof opened>) => model.cells.map(({ state }) => state);

function answer(...outcomes: { pupil: string; refusal?: CellRefusal; outcome?: string; revision?: bigint; message?: string }[]) {
  return create(BulkUpsertResultsResponseSchema, {
    outcomes: outcomes.map(({ pupil, refusal, outcome, revision, message }) => ({
      pupil,
      refusal: refusal ?? 0,
      message: message ?? '',
      current: { outcome: outcome ?? '', revision: revision ?? 2n },
    })),
  });
}

describe('typing', () => {
  it('pastes a block from a spreadsheet downwards, one cell a line', () => {
    const model = type(opened(), pasted('GDS\tx\r\n EXS \r\n', 0));
    expect(texts(model)).toEqual(['GDS', 'EXS', 'WTS']);
    expect(states(model)).toEqual(['typed', 'typed', 'same']);
  });

  it('fills down, and undoes a block as one step', () => {
    const filled = type(opened(), fillDown(opened(), 0, 2));
    expect(texts(filled)).toEqual(['EXS', 'EXS', 'EXS']);
    expect(texts(undo(filled))).toEqual(['EXS', '', 'WTS']);
    expect(states(undo(filled))).toEqual(['same', 'same', 'same']);
  });

  it('leaves locked cells and the end of the class alone', () => {
    const model = type(opened(['', '', ''], [CellRefusal.MOVED_AWAY]), pasted('A\nB\nC\nD', 0));
    expect(texts(model)).toEqual(['', 'B', 'C']);
    expect(model.cells[0]).toMatchObject({ locked: true, message: 'In another school by now, which enters the result' });
  });
});

describe('saving', () => {
  it('sends what is typed with the revision that was read', () => {
    const { model, cells } = send(type(opened(), [{ index: 1, text: 'GDS' }]));
    expect(cells).toEqual([{ pupil: 'ben', outcome: 'GDS', expectedRevision: 1n }]);
    const settled = settle(model, new Map([['ben', 'GDS']]), answer({ pupil: 'ben', outcome: 'GDS', revision: 7n }));
    expect(settled.cells[1]).toMatchObject({ state: 'saved', outcome: 'GDS', revision: 7n });
    expect(countOf(settled)).toEqual({ waiting: 0, refused: 0 });
  });

  it('keeps what is typed while the cell is on its way, and sends it next', () => {
    const { model } = send(type(opened(), [{ index: 1, text: 'GDS' }]));
    const settled = settle(type(model, [{ index: 1, text: 'EXS' }]), new Map([['ben', 'GDS']]), answer({ pupil: 'ben', outcome: 'GDS', revision: 7n }));
    expect(send(settled).cells).toEqual([{ pupil: 'ben', outcome: 'EXS', expectedRevision: 7n }]);
  });

  it('shows a refused cell with its reason and keeps its text', () => {
    const { model } = send(type(opened(), [{ index: 0, text: 'XYZ' }]));
    const settled = settle(model, new Map([['ada', 'XYZ']]), answer({ pupil: 'ada', refusal: CellRefusal.OFF_SCALE, outcome: 'EXS', message: 'one of WTS, EXS, GDS' }));
    expect(settled.cells[0]).toMatchObject({ state: 'refused', text: 'XYZ', message: 'Not on the scale: one of WTS, EXS, GDS' });
  });

  it('sends again what did not arrive', () => {
    const { model } = send(type(opened(), [{ index: 0, text: 'GDS' }]));
    expect(send(unsent(model)).cells).toHaveLength(1);
  });

  it('takes what stands there as it was sent as saved, since the answer before may have been lost', () => {
    const { model } = send(unsent(send(type(opened(), [{ index: 0, text: 'GDS' }])).model));
    const again = answer({ pupil: 'ada', refusal: CellRefusal.CHANGED_MEANWHILE, outcome: 'GDS', revision: 9n });
    expect(settle(model, new Map([['ada', 'GDS']]), again).cells[0]).toMatchObject({ state: 'saved', text: 'GDS', revision: 9n });
  });
});

describe('two people in one grid', () => {
  const conflicted = () => {
    const { model } = send(type(opened(), [{ index: 0, text: 'GDS' }]));
    return settle(model, new Map([['ada', 'GDS']]), answer({ pupil: 'ada', refusal: CellRefusal.CHANGED_MEANWHILE, outcome: 'WTS', revision: 9n }));
  };
  it('never overwrite each other silently', () => {
    expect(conflicted().cells[0]).toMatchObject({ state: 'changed', text: 'GDS', theirs: 'WTS' });
    expect(send(conflicted()).cells).toEqual([]);
  });
  it('choose theirs, or mine over theirs', () => {
    expect(resolve(conflicted(), 0, 'theirs').cells[0]).toMatchObject({ state: 'same', text: 'WTS', revision: 9n });
    expect(send(resolve(conflicted(), 0, 'mine')).cells).toEqual([{ pupil: 'ada', outcome: 'GDS', expectedRevision: 9n }]);
  });
  it('see each other’s cells without losing their own typing', () => {
    const mine = type(opened(), [{ index: 0, text: 'GDS' }]);
    const seen = refresh(mine, grid(['WTS', 'EXS', 'WTS'], 5n));
    expect(texts(seen)).toEqual(['GDS', 'EXS', 'WTS']);
    // The revision that was read stays, so that saving meets the change.
    expect(send(seen).cells).toEqual([{ pupil: 'ada', outcome: 'GDS', expectedRevision: 1n }]);
  });
  it('lose rows of pupils who left, unless something is typed in them', () => {
    const left = create(GridSchema, { writable: true, rows: [] });
    expect(refresh(opened(), left).cells).toEqual([]);
    expect(refresh(type(opened(), [{ index: 1, text: 'X' }]), left).cells).toHaveLength(1);
  });
});
