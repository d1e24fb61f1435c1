// From where pupils were to where they are: counts of outcomes, baseline down, now across.
import type { ResultCell } from '../../gen/fivestrand/assessment/v1/analysis_pb';
import type { LabelOf } from './labels';

const MOST = 12;

export function Transitions({ cells, labelOf }: { cells: ResultCell[]; labelOf: LabelOf }) {
  const withMatrix = cells.filter(({ transitions }) => transitions && transitions.outcomes.length > 0);
  if (withMatrix.length === 0) return null;
  return (
    <section aria-labelledby="transitions-title">
      <h2 id="transitions-title" className="section-title">
        From the baseline to now
      </h2>
      <div className="matrices">
        {withMatrix.slice(0, MOST).map((cell, index) => (
          <Matrix key={index} cell={cell} title={cell.keys.map(labelOf).join(', ') || 'All'} />
        ))}
      </div>
      {withMatrix.length > MOST && <p className="as-of">The first {MOST} of {withMatrix.length}; narrow the question to see others.</p>}
    </section>
  );
}

function Matrix({ cell, title }: { cell: ResultCell; title: string }) {
  const { outcomes, counts } = cell.transitions ?? { outcomes: [], counts: [] };
  const side = outcomes.length;
  const most = Math.max(1, ...counts.map(Number));
  return (
    <table className="heat matrix">
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col" className="heat-corner">
            From \ to
          </th>
          {outcomes.map((outcome) => (
            <th scope="col" key={outcome}>
              {outcome}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {outcomes.map((from, row) => (
          <tr key={from}>
            <th scope="row">{from}</th>
            {outcomes.map((to, column) => {
              const count = Number(counts[row * side + column] ?? 0);
              return (
                <td key={to} className="heat-cell" data-level={count === 0 ? 0 : Math.max(1, Math.ceil((count / most) * 4))} data-move={column > row ? 'up' : column < row ? 'down' : 'same'}>
                  {count || ''}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
