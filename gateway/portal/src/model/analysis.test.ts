import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { CellState, FigureSchema, ResultCellSchema, ResultDimension, ResultMeasure } from '../gen/fivestrand/assessment/v1/analysis_pb';
import { PupilGroup } from '../gen/fivestrand/type/v1/school_pb';
import { cellId, levelOf, readQuestion, requestOf, sayFigure, tableOf, writeQuestion, type Question } from './analysis';

const DEFAULTS: Question = {
  measure: ResultMeasure.SHARE_AT_EXPECTED,
  rows: ResultDimension.BY_SCHOOL,
  columns: ResultDimension.BY_SUBJECT,
  school: '',
  subject: '',
  window: 'trusts/t/assessmentWindows/autumn',
  year: 0,
  group: 0,
  gap: 0,
  baseline: '',
};
const SHARE = ResultMeasure.SHARE_AT_EXPECTED;

describe('a question', () => {
  it('is kept in the address, short and whole', () => {
    const question = { ...DEFAULTS, gap: PupilGroup.DISADVANTAGED, columns: ResultDimension.BY_WINDOW, window: 'all' };
    const params = writeQuestion(question, DEFAULTS);
    expect([...params.keys()].sort()).toEqual(['columns', 'gap', 'window']);
    expect(readQuestion(params, DEFAULTS)).toEqual(question);
    expect(writeQuestion(DEFAULTS, DEFAULTS).size).toBe(0);
  });

  it('asks for all windows when it is by window, and for no change then', () => {
    const request = requestOf({ ...DEFAULTS, columns: ResultDimension.BY_WINDOW, baseline: 'b' }, 'trusts/t', '');
    expect(request).toMatchObject({ baselineWindow: '', transitions: false, filter: { windows: [] } });
  });

  it('asks for the gap of a group except by groups, where every gap is in sight', () => {
    const gap = PupilGroup.SEND;
    expect(requestOf({ ...DEFAULTS, gap }, 'trusts/t', '')).toMatchObject({ gapGroup: gap });
    expect(requestOf({ ...DEFAULTS, gap, columns: ResultDimension.BY_PUPIL_GROUP }, 'trusts/t', '')).toMatchObject({ gapGroup: 0 });
  });

  it('groups by a dimension once, and is about one school, the caller’s schools or the trust', () => {
    const request = requestOf({ ...DEFAULTS, columns: ResultDimension.BY_SCHOOL }, 'trusts/t', 'trusts/t/schools/-');
    expect(request).toMatchObject({ groupBy: [ResultDimension.BY_SCHOOL], parent: 'trusts/t/schools/-' });
    expect(requestOf({ ...DEFAULTS, school: 'trusts/t/schools/n' }, 'trusts/t', '')).toMatchObject({ parent: 'trusts/t/schools/n' });
  });
});

describe('an answer', () => {
  it('becomes a table in the order of the answer, with gaps where there is nothing', () => {
    const cell = (school: string, subject: string) =>
      create(ResultCellSchema, { keys: [{ value: { case: 'school', value: school } }, { value: { case: 'subject', value: subject } }] });
    const table = tableOf([cell('b', 'maths'), cell('b', 'reading'), cell('a', 'reading')]);
    expect(table.rows.map(({ value }) => value.value)).toEqual(['b', 'a']);
    expect(table.columns.map(({ value }) => value.value)).toEqual(['maths', 'reading']);
    expect(table.cells.has(cellId(table.rows[1], table.columns[0]))).toBe(false);
  });

  it('says shares, changes and scores as people do', () => {
    const figure = (value: number) => create(FigureSchema, { state: CellState.SHOWN, value });
    expect(sayFigure(figure(0.634), SHARE)).toBe('63 %');
    expect(sayFigure(figure(-0.141), SHARE, true)).toBe('−14 pp');
    expect(sayFigure(figure(0.001), SHARE, true)).toBe('0 pp');
    expect(sayFigure(figure(102.34), ResultMeasure.MEAN_SCORE)).toBe('102.3');
    expect(sayFigure(create(FigureSchema, { state: CellState.SUPPRESSED }), SHARE)).toBe('too few');
  });

  it('shades shares only, and nothing that is hidden', () => {
    const figure = (value?: number) => create(FigureSchema, { state: CellState.SHOWN, value });
    expect([0, 0.19, 0.2, 0.99, 1].map((value) => levelOf(figure(value), SHARE))).toEqual([0, 0, 1, 4, 4]);
    expect(levelOf(figure(), SHARE)).toBe(0);
    expect(levelOf(figure(100), ResultMeasure.MEAN_SCORE)).toBe(0);
  });
});
