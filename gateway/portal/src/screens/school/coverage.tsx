// Which classes were seen in which subjects. A table with numbers; the shade only repeats them.
import { SegmentedControl } from '@mantine/core';
import { create } from '@bufbuild/protobuf';
import { useState } from 'react';
import { problemOf } from '../../api/errors';
import { between, useCoverage } from '../../app/queries';
import { RecordQuerySchema, type RecordQuery } from '../../gen/fivestrand/evidence/v1/evidence_pb';
import { bestRows, type CoverageRows } from '../../model/coverage';
import { academicYearStart, addDays, fromProtoDate, saySpan, today } from '../../model/dates';
import { NO_VALUE } from '../../model/words';
import { Empty, Loading, ProblemNote } from '../../ui/parts';
import { CoverageGrid } from './coverage-grid';
import { RecordsDrawer } from './records';

type Span = 'half-term' | 'weeks' | 'year';

export function CoverageMap({ school, reach }: { school: string; reach: 'all' | 'own' | 'none' }) {
  const [span, setSpan] = useState<Span>('half-term');
  const [rows, setRows] = useState<CoverageRows>();
  const [behind, setBehind] = useState<{ title: string; query: RecordQuery }>();
  const now = today();
  const bounds =
    span === 'half-term' ? {} : span === 'weeks' ? { from: addDays(now, -27), to: now } : { from: academicYearStart(now), to: now };
  const query = useCoverage(school, bounds, reach !== 'none');
  const by = rows ?? (query.data ? bestRows(query.data) : 'classes');
  const refused = query.isError && problemOf(query.error).reason === 'PERMISSION_DENIED';
  const from = fromProtoDate(query.data?.startDate);
  const to = fromProtoDate(query.data?.endDate);
  return (
    <section aria-labelledby="coverage-title" className="coverage">
      <h2 id="coverage-title" className="element-title">
        <span className="element-number">1.3</span> Coverage of classes and subjects
      </h2>
      {reach === 'none' || refused ? (
        <Empty title={NO_VALUE[2].title}>
          A class stands close to its teacher, so coverage is for those who may read the drop-ins themselves.
        </Empty>
      ) : (
        <>
          <div className="coverage-head">
            <SegmentedControl
              className="no-print"
              value={span}
              onChange={(value) => setSpan(value as Span)}
              aria-label="Span"
              data={[
                { value: 'half-term', label: 'Half term' },
                { value: 'weeks', label: '4 weeks' },
                { value: 'year', label: 'Year so far' },
              ]}
            />
            {query.data && (
              <SegmentedControl
                className="no-print"
                value={by}
                onChange={(value) => setRows(value as CoverageRows)}
                aria-label="Rows"
                data={[
                  { value: 'years', label: 'Year groups' },
                  { value: 'classes', label: 'Classes' },
                ]}
              />
            )}
            {from && to && (
              <p className="as-of">
                Drop-ins, {saySpan(from, to, now)}. A dot means none; a blank, that the subject is not taught. “All” includes drop-ins
                without a subject.{reach === 'own' && ' Only your own drop-ins are counted; those of others are not open to your role.'}
                {by === 'years' && ' Below each number: classes seen of classes taught.'}
              </p>
            )}
          </div>
          {query.isPending && <Loading lines={5} />}
          {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="Coverage" />}
          {query.data && query.data.cells.length === 0 && (
            <Empty title="No classes">No class of this school is taught a subject in this span.</Empty>
          )}
          {query.data && query.data.cells.length > 0 && (
            <CoverageGrid
              coverage={query.data}
              by={by}
              onOpen={(row, subject, title) =>
                setBehind({
                  title,
                  query: create(RecordQuerySchema, {
                    collection: `${school}/dropIns`,
                    filter: [row.filter, `subject = ${JSON.stringify(subject)}`, from && to ? between(from, addDays(to, 1)) : '']
                      .filter(Boolean)
                      .join(' AND '),
                  }),
                })
              }
            />
          )}
        </>
      )}
      <RecordsDrawer
        opened={behind !== undefined}
        onClose={() => setBehind(undefined)}
        title={behind?.title ?? ''}
        queries={behind ? [behind.query] : []}
        school={school}
      />
    </section>
  );
}
