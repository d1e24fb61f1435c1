// A school: the elements of visible leadership, each figure with its target, its trend, how it is computed and the records behind it.
import { Button } from '@mantine/core';
import { useSession } from '../../app/auth';
import { useParam } from '../../app/hooks';
import { useEvidence } from '../../app/queries';
import { sayDay, sayWhen, today } from '../../model/dates';
import { byElement } from '../../model/measures';
import { coverageReach } from '../../model/roles';
import { PrintIcon } from '../../ui/icons';
import { Empty, Loading, PageHead, ProblemNote } from '../../ui/parts';
import { RecordSheet } from '../record/sheet';
import { CoverageMap } from './coverage';
import { MeasureTile } from './tile';
import './school.css';

export default function SchoolScreen({ school }: { school: string }) {
  const session = useSession();
  const record = useParam('record');
  const query = useEvidence(school);
  const name = session.schools.find((other) => other.name === school)?.displayName ?? 'School';
  const elements = byElement(query.data ?? []);
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
        Active and visible leadership, as of {sayDay(today())}
        {query.dataUpdatedAt > 0 && <span className="as-of-inline"> ({sayWhen(new Date(query.dataUpdatedAt))})</span>}
      </PageHead>
      {query.isPending && <Loading lines={5} label="Loading figures" />}
      {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="The figures" />}
      {query.data?.length === 0 && <Empty title="No figures">The services that are linked here measure nothing for this school.</Empty>}
      {elements.map(({ number, title, summaries }) => (
        <section key={number} aria-labelledby={`element-${number}`} className="element">
          <h2 id={`element-${number}`} className="element-title">
            <span className="element-number">{number}</span> {title}
          </h2>
          <div className="tiles">
            {summaries.map((summary) => (
              <MeasureTile key={summary.measure?.measure} summary={summary} school={school} />
            ))}
          </div>
        </section>
      ))}
      <CoverageMap school={school} reach={coverageReach(session, school)} />
      <RecordSheet name={record.value ? `${school}/${record.value}` : undefined} onClose={record.close} />
    </>
  );
}
