// The trust: schools by measures, in one table that sorts, with the trust's own figures on top.
import { NativeSelect } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { useSession } from '../app/auth';
import { pathOf } from '../app/places';
import { useEvidence } from '../app/queries';
import { useServices } from '../app/services';
import type { SchoolRef } from '../api/session';
import type { Measure, MeasureSummary } from '../gen/fivestrand/evidence/v1/evidence_pb';
import { sayDay, today } from '../model/dates';
import { compareValues, worstFirstAscending } from '../model/measures';
import { schoolsOf } from '../model/roles';
import { NO_VALUE, sayParts, sayTarget, sayValue } from '../model/words';
import { BandBadge, Loading, PageHead, ProblemNote } from '../ui/parts';
import './school/school.css';

const WIDTH = 3;
let running = 0;
const queue: (() => void)[] = [];

// A few at a time: seven schools must not take the whole server for one page.
async function limited<T>(work: () => Promise<T>): Promise<T> {
  if (running >= WIDTH) await new Promise<void>((resolve) => queue.push(resolve));
  running += 1;
  try {
    return await work();
  } finally {
    running -= 1;
    queue.shift()?.();
  }
}

type Sort = { key: string; ascending: boolean };

export default function TrustScreen() {
  const session = useSession();
  const { clients } = useServices();
  const schools = schoolsOf(session);
  const whole = useEvidence(session.trust);
  const results = useQueries({
    queries: schools.map(({ name }) => ({
      queryKey: ['evidence', name],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        limited(
          async () =>
            (
              await clients.evidence.summariseEvidence(
                { parent: name, elements: ['leaders-in-schools', 'visible-headteacher'] },
                { signal },
              )
            ).summaries,
        ),
    })),
  });
  const [sort, setSort] = useState<Sort>({ key: 'school', ascending: true });
  const [phoneMeasure, setPhoneMeasure] = useState('');

  const measures = measuresOf([whole.data, ...results.map((result) => result.data)]);
  const rows = schools.map((school, index) => ({
    school,
    result: results[index],
    summaries: new Map((results[index]?.data ?? []).map((summary) => [summary.measure?.measure ?? '', summary])),
  }));
  const sorted = [...rows].sort((a, b) => {
    if (sort.key === 'school') return (sort.ascending ? 1 : -1) * a.school.displayName.localeCompare(b.school.displayName);
    return (
      compareValues(a.summaries.get(sort.key)?.latest?.value, b.summaries.get(sort.key)?.latest?.value, sort.ascending) ||
      a.school.displayName.localeCompare(b.school.displayName)
    );
  });
  const shownOnPhone = phoneMeasure || measures[0]?.measure || '';
  const loading = results.some((result) => result.isPending);
  const loaded = results.filter((result) => !result.isPending).length;

  return (
    <>
      <PageHead title="Trust">
        Active and visible leadership in {schools.length} schools, as of {sayDay(today())}. Choose a heading to sort.
      </PageHead>
      {loading && measures.length === 0 && <Loading lines={6} />}
      {loading && measures.length > 0 && (
        <p className="as-of" role="status">
          {loaded} of {schools.length} schools
        </p>
      )}
      {whole.isError && measures.length === 0 && <ProblemNote error={whole.error} onRetry={() => void whole.refetch()} />}
      {measures.length > 0 && (
        <NativeSelect
          className="phone-only"
          label="Measure"
          value={shownOnPhone}
          mb="sm"
          data={measures.map((measure) => ({ value: measure.measure, label: measure.title }))}
          onChange={(event) => {
            const key = event.currentTarget.value;
            setPhoneMeasure(key);
            const measure = measures.find((candidate) => candidate.measure === key);
            if (measure) setSort({ key, ascending: worstFirstAscending(measure) });
          }}
        />
      )}
      {measures.length > 0 && (
        <div className="grid-scroll" tabIndex={0} role="region" aria-label="Schools by measures">
          <table className="trust-table">
            <thead>
              <tr>
                <SortHead label="School" sortKey="school" sort={sort} onSort={setSort} first />
                {measures.map((measure) => (
                  <SortHead
                    key={measure.measure}
                    label={measure.title}
                    hint={sayTarget(measure)}
                    sortKey={measure.measure}
                    sort={sort}
                    onSort={setSort}
                    startAscending={worstFirstAscending(measure)}
                    phone={measure.measure === shownOnPhone}
                  />
                ))}
              </tr>
            </thead>
            <tbody>
              {whole.data && whole.data.length > 0 && (
                <tr className="trust-row">
                  <th scope="row">Whole trust</th>
                  {measures.map((measure) => (
                    <Cell
                      key={measure.measure}
                      summary={whole.data.find((summary) => summary.measure?.measure === measure.measure)}
                      phone={measure.measure === shownOnPhone}
                    />
                  ))}
                </tr>
              )}
              {sorted.map(({ school, summaries, result }) => (
                <tr key={school.name}>
                  <SchoolHead school={school} failed={result?.isError ?? false} />
                  {measures.map((measure) => (
                    <Cell
                      key={measure.measure}
                      summary={summaries.get(measure.measure)}
                      phone={measure.measure === shownOnPhone}
                      pending={result?.isPending ?? false}
                    />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function measuresOf(lists: (MeasureSummary[] | undefined)[]): Measure[] {
  const measures = new Map<string, Measure>();
  for (const summary of lists.flatMap((list) => list ?? [])) {
    if (summary.measure) measures.set(summary.measure.measure, summary.measure);
  }
  return [...measures.values()].sort((a, b) => a.elementNumber.localeCompare(b.elementNumber, 'en', { numeric: true }));
}

function SortHead(props: {
  label: string;
  hint?: string;
  sortKey: string;
  sort: Sort;
  onSort: (sort: Sort) => void;
  startAscending?: boolean;
  phone?: boolean;
  first?: boolean;
}) {
  const { sort, sortKey } = props;
  const active = sort.key === sortKey;
  return (
    <th
      scope="col"
      aria-sort={active ? (sort.ascending ? 'ascending' : 'descending') : 'none'}
      data-phone={props.first || props.phone || undefined}
    >
      <button
        type="button"
        className="sort"
        onClick={() => props.onSort({ key: sortKey, ascending: active ? !sort.ascending : (props.startAscending ?? true) })}
      >
        <span>{props.label}</span>
        <span aria-hidden="true" className="sort-arrow">
          {active ? (sort.ascending ? '▲' : '▼') : '△'}
        </span>
      </button>
      {props.hint && <small>{props.hint}</small>}
    </th>
  );
}

function SchoolHead({ school, failed }: { school: SchoolRef; failed: boolean }) {
  return (
    <th scope="row">
      <Link href={pathOf('school', school.name)}>{school.displayName}</Link>
      {failed && <small>did not answer</small>}
    </th>
  );
}

function Cell({ summary, phone, pending }: { summary: MeasureSummary | undefined; phone: boolean; pending?: boolean }) {
  const { measure, latest } = summary ?? {};
  if (!measure || !latest)
    return (
      <td data-phone={phone || undefined} className="trust-none">
        {pending ? '' : '–'}
      </td>
    );
  if (latest.value === undefined) {
    return (
      <td data-phone={phone || undefined} className="trust-none">
        <span title={NO_VALUE[latest.noValueReason].advice}>{NO_VALUE[latest.noValueReason].title}</span>
      </td>
    );
  }
  return (
    <td data-phone={phone || undefined}>
      <span className="trust-value">{sayValue(latest.value, measure.unit)}</span>
      <BandBadge band={latest.band} />
      <small>{[sayParts(latest, measure.unit), latest.period?.label].filter(Boolean).join(', ')}</small>
    </td>
  );
}
