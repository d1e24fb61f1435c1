// A question about results: kept in the address, so that it can be saved and sent, and turned into a request. And its answer as a table.
import { create } from '@bufbuild/protobuf';
import {
  AnalyseResultsRequestSchema,
  CellState,
  PriorAttainment,
  ResultDimension,
  ResultMeasure,
  type AnalyseResultsRequest,
  type CellKey,
  type Figure,
  type ResultCell,
} from '../gen/fivestrand/assessment/v1/analysis_pb';
import { PupilGroup, YearGroup } from '../gen/fivestrand/type/v1/school_pb';

export interface Question {
  measure: ResultMeasure;
  rows: ResultDimension;
  // Unspecified: one column.
  columns: ResultDimension;
  // Resource names; empty: all.
  school: string;
  subject: string;
  window: string;
  year: YearGroup;
  group: PupilGroup;
  // Gap of this group to the others in each cell.
  gap: PupilGroup;
  baseline: string;
}

export const MEASURES: { value: ResultMeasure; label: string }[] = [
  { value: ResultMeasure.SHARE_AT_EXPECTED, label: 'At the expected standard' },
  { value: ResultMeasure.SHARE_AT_HIGHER, label: 'At the higher standard' },
  { value: ResultMeasure.MEAN_SCORE, label: 'Mean score' },
];
export const DIMENSIONS: { value: ResultDimension; label: string; heading: string }[] = [
  { value: ResultDimension.BY_SCHOOL, label: 'School', heading: 'School' },
  { value: ResultDimension.BY_PHASE, label: 'Phase', heading: 'Phase' },
  { value: ResultDimension.BY_YEAR_GROUP, label: 'Year group', heading: 'Year' },
  { value: ResultDimension.BY_CLASS, label: 'Class', heading: 'Class' },
  { value: ResultDimension.BY_SUBJECT, label: 'Subject', heading: 'Subject' },
  { value: ResultDimension.BY_WINDOW, label: 'Window', heading: 'Window' },
  { value: ResultDimension.BY_PUPIL_GROUP, label: 'Pupil group', heading: 'Group' },
  { value: ResultDimension.BY_PRIOR_ATTAINMENT, label: 'Prior attainment', heading: 'Prior attainment' },
];

const number = (params: URLSearchParams, key: string, fallback: number) => {
  const value = Number(params.get(key));
  return params.has(key) && Number.isInteger(value) ? value : fallback;
};

export function readQuestion(params: URLSearchParams, defaults: Question): Question {
  const text = (key: string, fallback: string) => params.get(key) ?? fallback;
  return {
    measure: number(params, 'measure', defaults.measure),
    rows: number(params, 'rows', defaults.rows),
    columns: number(params, 'columns', defaults.columns),
    school: text('school', defaults.school),
    subject: text('subject', defaults.subject),
    window: text('window', defaults.window),
    year: number(params, 'year', defaults.year),
    group: number(params, 'group', defaults.group),
    gap: number(params, 'gap', defaults.gap),
    baseline: text('baseline', defaults.baseline),
  };
}

// Only what differs from the defaults, so that an address stays short.
export function writeQuestion(question: Question, defaults: Question): URLSearchParams {
  const params = new URLSearchParams();
  for (const key of Object.keys(defaults) as (keyof Question)[]) {
    if (question[key] !== defaults[key]) params.set(key, String(question[key]));
  }
  return params;
}

const ALL = 'all';

export function requestOf(question: Question, trust: string, anySchool: string): AnalyseResultsRequest {
  const byWindow = question.rows === ResultDimension.BY_WINDOW || question.columns === ResultDimension.BY_WINDOW;
  const byGroup = question.rows === ResultDimension.BY_PUPIL_GROUP || question.columns === ResultDimension.BY_PUPIL_GROUP;
  const window = question.window === ALL || byWindow ? '' : question.window;
  return create(AnalyseResultsRequestSchema, {
    parent: question.school || anySchool || trust,
    measure: question.measure,
    filter: {
      subjects: question.subject ? [question.subject] : [],
      windows: window ? [window] : [],
      yearGroups: question.year ? [question.year] : [],
      pupilGroups: question.group ? [question.group] : [],
    },
    groupBy: [question.rows, question.columns].filter((dimension, index, all) => dimension > 0 && all.indexOf(dimension) === index),
    baselineWindow: byWindow ? '' : question.baseline,
    transitions: Boolean(question.baseline) && !byWindow,
    gapGroup: byGroup ? 0 : question.gap,
  });
}

// A key as a text that sorts and compares.
export function keyText(key: CellKey | undefined): string {
  const value = key?.value;
  if (!value?.case) return '';
  switch (value.case) {
    case 'pupilGroup':
      return `${value.value.group} ${value.value.others}`;
    default:
      return String(value.value);
  }
}

export interface Table {
  rows: CellKey[];
  // Empty: one column without a key.
  columns: CellKey[];
  cells: Map<string, ResultCell>;
}

export const cellId = (row: CellKey | undefined, column: CellKey | undefined) => `${keyText(row)}|${keyText(column)}`;

// Cells as rows and columns, in the order of the answer.
export function tableOf(cells: ResultCell[]): Table {
  const rows = new Map<string, CellKey>();
  const columns = new Map<string, CellKey>();
  const found = new Map<string, ResultCell>();
  for (const cell of cells) {
    const [row, column] = cell.keys;
    if (row) rows.set(keyText(row), row);
    if (column) columns.set(keyText(column), column);
    found.set(cellId(row, column), cell);
  }
  return { rows: [...rows.values()], columns: [...columns.values()], cells: found };
}

export function sayFigure(figure: Figure | undefined, measure: ResultMeasure, signed = false): string {
  if (!figure) return '';
  if (figure.value === undefined) return FIGURE_WORDS[figure.state];
  const share = measure !== ResultMeasure.MEAN_SCORE;
  const value = share ? figure.value * 100 : figure.value;
  const text = (Math.round(Math.abs(value) * (share ? 1 : 10)) / (share ? 1 : 10)).toString();
  const sign = value < 0 && text !== '0' ? '−' : signed && value > 0 && text !== '0' ? '+' : '';
  return `${sign}${text}${share ? (signed ? ' pp' : ' %') : ''}`;
}

export const FIGURE_WORDS: Record<CellState, string> = {
  [CellState.CELL_STATE_UNSPECIFIED]: '',
  [CellState.SHOWN]: '',
  [CellState.SUPPRESSED]: 'too few',
  [CellState.NO_SCORES]: 'no scores',
  [CellState.MIXED_SCALES]: 'mixed scales',
  [CellState.ONE_SIDED]: 'one side only',
};

export const PRIOR_WORDS: Record<PriorAttainment, string> = {
  [PriorAttainment.UNSPECIFIED]: '',
  [PriorAttainment.LOW]: 'Low prior attainment',
  [PriorAttainment.MIDDLE]: 'Middle prior attainment',
  [PriorAttainment.HIGH]: 'High prior attainment',
  [PriorAttainment.UNKNOWN]: 'Prior attainment unknown',
};

// How dark a cell is: shares in five equal steps from zero. A mean has no fixed ends, so it is left plain.
export function levelOf(figure: Figure | undefined, measure: ResultMeasure): number {
  if (figure?.value === undefined || measure === ResultMeasure.MEAN_SCORE) return 0;
  return Math.min(4, Math.floor(figure.value * 5));
}
