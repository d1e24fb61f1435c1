// The answer in a picture: lines over windows, or gaps from zero. The table below has the same numbers.
import type { CellKey } from '../../gen/fivestrand/assessment/v1/analysis_pb';
import { ResultMeasure } from '../../gen/fivestrand/assessment/v1/analysis_pb';
import { cellId, sayFigure, type Table } from '../../model/analysis';
import type { LabelOf } from './labels';

const WIDTH = 640;
const HEIGHT = 220;
// With more lines than this nobody can tell them apart.
const MOST_LINES = 8;
const DASHES = ['', '7 4', '2 4', '10 3 2 3'];

interface PictureProps {
  table: Table;
  measure: ResultMeasure;
  labelOf: LabelOf;
}

export function TrendLines({ table, measure, gap, labelOf }: PictureProps & { gap: boolean }) {
  const lines = table.rows.slice(0, MOST_LINES).map((row) => ({
    row,
    values: table.columns.map((column) => {
      const cell = table.cells.get(cellId(row, column));
      return (gap ? cell?.gap : cell?.figure)?.value;
    }),
  }));
  const values = lines.flatMap((line) => line.values).filter((value) => value !== undefined);
  if (values.length < 2 || table.columns.length < 2) return null;
  const share = measure !== ResultMeasure.MEAN_SCORE;
  const low = share ? Math.min(0, ...values) : Math.min(...values);
  const high = share && !gap ? 1 : Math.max(gap ? 0 : -Infinity, ...values);
  const y = (value: number) => 12 + (1 - (value - low) / (high - low || 1)) * (HEIGHT - 44);
  const x = (index: number) => 12 + (index / Math.max(1, table.columns.length - 1)) * (WIDTH - 180);
  return (
    <figure className="picture">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label="Trend over windows; the table below has the numbers">
        {low <= 0 && <line x1="12" x2={WIDTH - 168} y1={y(0)} y2={y(0)} className="axis" />}
        {lines.map(({ row, values: points }, line) => {
          // A window without a figure breaks the line.
          const runs = points.reduce<string[][]>(
            (all, value, index) => {
              if (value === undefined) all.push([]);
              else all.at(-1)?.push(`${x(index)},${y(value)}`);
              return all;
            },
            [[]],
          );
          const last = points.findLastIndex((value) => value !== undefined);
          return (
            <g key={cellId(row, undefined)}>
              {runs
                .filter((run) => run.length > 1)
                .map((run, index) => (
                  <polyline key={index} points={run.join(' ')} className="effect-line" strokeDasharray={DASHES[line % DASHES.length]} data-line={Math.floor(line / DASHES.length)} />
                ))}
              {points.map((value, index) => value !== undefined && <circle key={index} cx={x(index)} cy={y(value)} r="3.5" className="effect-dot" />)}
              {last >= 0 && (
                <text x={x(last) + 8} y={y(points[last] ?? 0) + 4} className="lane-label">
                  {labelOf(row)}
                </text>
              )}
            </g>
          );
        })}
        {table.columns.map((column, index) => (
          <text key={index} x={x(index)} y={HEIGHT - 6} textAnchor={index === 0 ? 'start' : 'middle'} className="lane-label">
            {labelOf(column)}
          </text>
        ))}
      </svg>
      <figcaption className="as-of">
        {gap ? 'Gap to the other pupils; the line is no gap. ' : ''}
        {table.rows.length > MOST_LINES && `The first ${MOST_LINES} of ${table.rows.length} rows; the table has all.`}
      </figcaption>
    </figure>
  );
}

const BAR = 26;

export function GapBars({ table, measure, labelOf }: PictureProps) {
  const bars: { keys: (CellKey | undefined)[]; value: number; text: string }[] = [];
  for (const row of table.rows) {
    for (const column of table.columns.length > 0 ? table.columns : [undefined]) {
      const gap = table.cells.get(cellId(row, column))?.gap;
      if (gap?.value !== undefined) bars.push({ keys: [row, column], value: gap.value, text: sayFigure(gap, measure, true) });
    }
  }
  const shown = bars.sort((a, b) => a.value - b.value).slice(0, 14);
  if (shown.length === 0) return null;
  const most = Math.max(...shown.map(({ value }) => Math.abs(value))) || 1;
  const middle = WIDTH / 2 + 60;
  const scale = (WIDTH - middle - 60) / most;
  return (
    <figure className="picture">
      <svg viewBox={`0 0 ${WIDTH} ${shown.length * BAR + 8}`} role="img" aria-label="Gaps; the table below has the numbers">
        <line x1={middle} x2={middle} y1="0" y2={shown.length * BAR + 8} className="axis" />
        {shown.map(({ keys, value, text }, index) => (
          <g key={index}>
            <text x="0" y={index * BAR + 18} className="lane-label">
              {keys
                .filter(Boolean)
                .map((key) => labelOf(key))
                .join(', ')}
            </text>
            <rect x={value < 0 ? middle + value * scale : middle} y={index * BAR + 5} width={Math.max(2, Math.abs(value) * scale)} height={BAR - 9} className="lane-bar" />
            <text x={value < 0 ? middle + 6 : middle + value * scale + 6} y={index * BAR + 18} className="lane-label">
              {text}
            </text>
          </g>
        ))}
      </svg>
      <figcaption className="as-of">
        Gap of the group to the pupils not in it, largest first{bars.length > shown.length ? `; ${shown.length} of ${bars.length}` : ''}.
      </figcaption>
    </figure>
  );
}
