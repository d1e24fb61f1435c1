// A school: five strands side by side, each element with where it stands; an element opens in place to its figures, their trend, how
// they are computed and the records behind them.
import { Button } from '@mantine/core';
import { useSession } from '../../app/auth';
import { useParam } from '../../app/hooks';
import { useScoreboard } from '../../app/improvement-queries';
import { sayDay, sayWhen, today } from '../../model/dates';
import { strandsOf, tally } from '../../model/scoreboard';
import { PrintIcon } from '../../ui/icons';
import { Loading, PageHead, ProblemNote } from '../../ui/parts';
import { RecordSheet } from '../record/sheet';
import { Away } from './away';
import { ElementDetail } from './element';
import { Strands } from './strands';
import './school.css';
import './strands.css';

export default function SchoolScreen({ school }: { school: string }) {
  const session = useSession();
  const record = useParam('record');
  const element = useParam('element');
  const query = useScoreboard(school);
  const name = session.schools.find((other) => other.name === school)?.displayName ?? 'School';
  const column = query.data?.columns.find(({ scope }) => scope === school);
  const strands = query.data ? strandsOf(query.data, column) : [];
  const opened = strands.flatMap(({ elements }) => elements).find((entry) => entry.element.element === element.value);
  const counts = column && tally(column);
  return (
    <>
      <PageHead
        title={name}
        actions={
          <Button className="no-print" variant="default" leftSection={<PrintIcon size={20} />} onClick={() => window.print()}>
            Print
          </Button>
        }
      >
        Five strands, as of {sayDay(today())}
        {query.dataUpdatedAt > 0 && <span className="as-of-inline"> ({sayWhen(new Date(query.dataUpdatedAt))})</span>}
        {counts && (
          <span className="board-tally">
            {counts.red} need action, {counts.amber} to watch, {counts.green} on course, {counts.none} without a figure
          </span>
        )}
      </PageHead>
      {query.isPending && <Loading lines={6} label="Loading the five strands" />}
      {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="The figures" />}
      {query.data && <Away away={query.data.away} model={query.data.model} />}
      {query.data && <Strands strands={strands} opened={element.value} onOpen={element.open} onClose={element.close} />}
      {opened && (
        <ElementDetail key={opened.element.element} element={opened.element} standing={opened.standing} school={school} onClose={element.close} />
      )}
      <RecordSheet name={record.value ? `${school}/${record.value}` : undefined} onClose={record.close} />
    </>
  );
}
