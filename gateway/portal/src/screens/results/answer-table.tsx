// The answer as a table that shades shares and opens down to the pupils.
import { useSession } from '../../app/auth';
import type { CellKey, ResultCell } from '../../gen/fivestrand/assessment/v1/analysis_pb';
import { cellId, DIMENSIONS, levelOf, sayFigure, type Question, type Table } from '../../model/analysis';
import { mayReadPupils } from '../../model/roles';
import type { LabelOf } from './labels';

export function AnswerTable(props: { question: Question; table: Table; labelOf: LabelOf; onOpen: (keys: CellKey[]) => void }) {
  const { question, table, labelOf } = props;
  const session = useSession();
  const openable = mayReadPupils(session);
  const heading = DIMENSIONS.find(({ value }) => value === question.rows)?.heading ?? '';
  const columns: (CellKey | undefined)[] = table.columns.length > 0 ? table.columns : [undefined];
  return (
    <div className="grid-scroll" tabIndex={0} role="region" aria-label="The answer as a table">
      <table className="heat answer">
        <thead>
          <tr>
            <th scope="col" className="heat-corner">
              {heading}
            </th>
            {columns.map((column, index) => (
              <th scope="col" key={index}>
                <span>{column ? labelOf(column) : 'All'}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={cellId(row, undefined)}>
              <th scope="row">{labelOf(row)}</th>
              {columns.map((column, index) => {
                const cell = table.cells.get(cellId(row, column));
                return (
                  <td key={index} className="heat-cell" data-level={levelOf(cell?.figure, question.measure)}>
                    {cell && <CellText cell={cell} question={question} open={openable ? () => props.onOpen(cell.keys) : undefined} />}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function CellText({ cell, question, open }: { cell: ResultCell; question: Question; open: (() => void) | undefined }) {
  const text = sayFigure(cell.figure, question.measure);
  const hidden = cell.figure?.value === undefined;
  return (
    <>
      {open && !hidden ? (
        <button type="button" className="cell-open" onClick={open} aria-label={`${text}, ${Number(cell.figure?.count)} results: show the pupils`}>
          {text}
        </button>
      ) : (
        <span className={hidden ? 'trust-none' : undefined}>{text}</span>
      )}
      {!hidden && <small>n {Number(cell.figure?.count)}</small>}
      {cell.change && <small>{cell.change.value === undefined ? sayFigure(cell.change, question.measure) : `${sayFigure(cell.change, question.measure, true)} since`}</small>}
      {cell.gap && <small>gap {sayFigure(cell.gap, question.measure, true)}</small>}
    </>
  );
}
