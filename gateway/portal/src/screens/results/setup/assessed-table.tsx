// Which subjects are assessed, on which version of which scale, and in which years.
import { idOf } from '../../../api/names';
import { nameIn, useSubjects } from '../../../app/queries';
import type { AssessedSubject } from '../../../gen/fivestrand/assessment/v1/framework_pb';
import { sayYearGroups } from '../../../model/windows';
import { TableHead } from '../../../ui/parts';
import { useScales } from './queries';

export function AssessedTable({ caption, lines }: { caption: string; lines: AssessedSubject[] }) {
  const subjects = useSubjects();
  const scales = useScales().data;
  return (
    <table className="numbers">
      <caption>{caption}</caption>
      <TableHead left={['Subject', 'Scale', 'Years']} />
      <tbody>
        {lines.map((line) => {
          const scale = scales?.find(({ name }) => name === line.scale);
          return (
            <tr key={`${line.subject} ${line.scale}`}>
              <th scope="row">{nameIn(subjects, line.subject)}</th>
              <td>{scale ? `${scale.displayName}, version ${scale.version}` : idOf(line.scale)}</td>
              <td>{sayYearGroups(line.yearGroups)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
