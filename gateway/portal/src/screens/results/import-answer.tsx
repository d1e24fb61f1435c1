// What the service found in a file: how it was read, its first rows as they were understood, and every bad row with its reason.
import type { ImportAssessmentResponse } from '../../gen/fivestrand/assessment/v1/import_service_pb';
import { TableHead } from '../../ui/parts';

export function ImportAnswer({ answer }: { answer: ImportAssessmentResponse }) {
  const headers = answer.preview[0]?.cells.map(({ column }) => column) ?? [];
  return (
    <section aria-label="The file as it was understood">
      <p role="status">
        {answer.rowCount.toLocaleString('en-GB')} rows, {answer.encoding}, separated by {answer.separator === '\t' ? 'tabs' : `“${answer.separator}”`}.{' '}
        {answer.problemCount === 0 ? (
          <>
            {answer.createdCount.toLocaleString('en-GB')} would be new, {answer.updatedCount.toLocaleString('en-GB')} changed,{' '}
            {answer.unchangedCount.toLocaleString('en-GB')} stay as they are.
          </>
        ) : (
          <strong className="overdue">
            {answer.problemCount.toLocaleString('en-GB')} {answer.problemCount === 1 ? 'row has' : 'rows have'} something wrong: nothing was written.
          </strong>
        )}
      </p>
      {answer.problems.length > 0 && (
        <div className="grid-scroll" tabIndex={0} role="region" aria-label="What is wrong">
          <table className="numbers">
            <caption>
              {answer.problems.length < answer.problemCount ? `The first ${answer.problems.length} of ${answer.problemCount}.` : 'All of them.'} Lines as the file has them.
            </caption>
            <TableHead left={['Line', 'Column', 'Value', 'Reason']} />
            <tbody>
              {answer.problems.slice(0, 200).map((problem, index) => (
                <tr key={index}>
                  <th scope="row">{problem.line}</th>
                  <td>{problem.column}</td>
                  <td>{problem.value}</td>
                  <td>{problem.reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {answer.preview.length > 0 && (
        <div className="grid-scroll" tabIndex={0} role="region" aria-label="First rows">
          <table className="numbers">
            <caption>The first rows, with what each cell was taken for.</caption>
            <thead>
              <tr>
                <th scope="col">Line</th>
                {headers.map((header, index) => (
                  <th scope="col" key={index}>
                    {header}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {answer.preview.map((row) => (
                <tr key={row.line}>
                  <th scope="row">{row.line}</th>
                  {row.cells.map((cell, index) => (
                    <td key={index}>
                      {cell.value}
                      {cell.meaning && cell.meaning !== cell.value && <small>{cell.meaning}</small>}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
