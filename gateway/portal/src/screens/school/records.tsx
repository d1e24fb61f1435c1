// The records behind a figure: the list calls that the figure itself names, with their filters.
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { collectionOf, idOf, schoolOf } from '../../api/names';
import type { Clients } from '../../api/transport';
import { useParam } from '../../app/hooks';
import { nameIn, useFocuses, usePeople } from '../../app/queries';
import { useServices } from '../../app/services';
import type { RecordQuery } from '../../gen/fivestrand/evidence/v1/evidence_pb';
import { sayWhen, toInstant } from '../../model/dates';
import { VISIT_WORDS } from '../../model/words';
import type { AnyRecord } from '../../offline/send';
import { ChevronIcon } from '../../ui/icons';
import { Empty, Loading, ProblemNote } from '../../ui/parts';
import { Sheet } from '../../ui/sheet';
import { useDescribe } from '../day/records';

const PAGE = 50;
const NAMES: Record<string, string> = { dropIns: 'Drop-ins', duties: 'Duties', modelledLessons: 'Modelled lessons', visits: 'Visits' };
// Records of other services, which are of the trust and have pages of their own. Loaded when somebody opens them.
const OTHERS = ['bookings', 'pulseSurveys'];
const OtherRecords = lazy(() => import('./other-records'));

async function listPage(
  clients: Clients,
  query: RecordQuery,
  pageToken: string,
  signal: AbortSignal,
): Promise<{ records: AnyRecord[]; next: string }> {
  const parent = schoolOf(query.collection) ?? '';
  const request = { parent, filter: query.filter, pageSize: PAGE, pageToken, orderBy: 'start_time desc' };
  const api = clients.visibility;
  switch (collectionOf(query.collection)) {
    case 'dropIns': {
      const answer = await api.listDropIns(request, { signal });
      return { records: answer.dropIns, next: answer.nextPageToken };
    }
    case 'duties': {
      const answer = await api.listDuties(request, { signal });
      return { records: answer.duties, next: answer.nextPageToken };
    }
    case 'modelledLessons': {
      const answer = await api.listModelledLessons(request, { signal });
      return { records: answer.modelledLessons, next: answer.nextPageToken };
    }
    case 'visits': {
      const answer = await api.listVisits(request, { signal });
      return { records: answer.visits, next: answer.nextPageToken };
    }
    default:
      return { records: [], next: '' };
  }
}

export function RecordsDrawer(props: { opened: boolean; onClose: () => void; title: string; queries: RecordQuery[]; school: string }) {
  return (
    <Sheet opened={props.opened} onClose={props.onClose} title={`Behind “${props.title}”`}>
      {props.opened &&
        props.queries.map((query) =>
          OTHERS.includes(collectionOf(query.collection)) ? (
            <Suspense key={query.collection + query.filter} fallback={<Loading lines={4} />}>
              <OtherRecords query={query} />
            </Suspense>
          ) : (
            <RecordsList key={query.collection + query.filter} query={query} several={props.queries.length > 1} />
          ),
        )}
    </Sheet>
  );
}

function RecordsList({ query, several }: { query: RecordQuery; several: boolean }) {
  const { clients } = useServices();
  const school = schoolOf(query.collection) ?? '';
  const list = useInfiniteQuery({
    queryKey: ['records', query.collection, query.filter],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => listPage(clients, query, pageParam, signal),
    getNextPageParam: (last) => last.next || undefined,
  });
  const records = list.data?.pages.flatMap((page) => page.records) ?? [];
  const kind = NAMES[collectionOf(query.collection)] ?? 'Records';
  return (
    <section aria-label={kind} className="behind">
      {several && <h3 className="record-day">{kind}</h3>}
      {list.isPending && <Loading lines={4} />}
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && records.length === 0 && <Empty title="No records">The figure is made of what was due and was not recorded.</Empty>}
      {records.length > 0 && (
        <p className="as-of" role="status">
          {records.length}
          {list.hasNextPage ? ' newest' : ''} {kind.toLowerCase()}
        </p>
      )}
      <ul className="record-list">
        {records.map((record) => (
          <Row key={record.name} record={record} school={school} />
        ))}
      </ul>
      {list.hasNextPage && (
        <Button variant="default" mt="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Older ones
        </Button>
      )}
    </section>
  );
}

function Row({ record, school }: { record: AnyRecord; school: string }) {
  const describe = useDescribe(school);
  const people = usePeople();
  const focuses = useFocuses();
  const sheet = useParam('record');
  const at = toInstant(record.startTime);
  const leader = nameIn(people, record.leader);
  if (record.$typeName === 'fivestrand.leadership.v1.Visit') {
    return (
      <li className="record">
        <div className="record-open">
          <span className="record-what">
            <strong>{at && sayWhen(at)}</strong> {leader}{' '}
            <small>
              {VISIT_WORDS[record.state]}. {record.purpose}
            </small>
          </span>
        </div>
      </li>
    );
  }
  const entry =
    record.$typeName === 'fivestrand.leadership.v1.DropIn'
      ? ({ type: 'dropIn', record, at: at ?? new Date(0) } as const)
      : record.$typeName === 'fivestrand.leadership.v1.Duty'
        ? ({ type: 'duty', record, at: at ?? new Date(0) } as const)
        : ({ type: 'modelledLesson', record, at: at ?? new Date(0) } as const);
  const { what, detail } = describe(entry);
  const focus = record.$typeName === 'fivestrand.leadership.v1.Duty' ? '' : record.focus && nameIn(focuses, record.focus);
  return (
    <li className="record">
      <button type="button" className="record-open" onClick={() => sheet.open(`${record.name.split('/').at(-2)}/${idOf(record.name)}`)}>
        <span className="record-what">
          <strong>{what}</strong> {focus || detail}
          <small>
            {at && sayWhen(at)} · {leader}
          </small>
        </span>
        <ChevronIcon size={18} className="record-chevron" />
      </button>
    </li>
  );
}
