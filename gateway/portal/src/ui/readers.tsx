// Who has read a record that is about the person: folded, and asked for only when it is opened.
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { nameIn, usePeople } from '../app/queries';
import { useClient } from '../app/services';
import { AuditService } from '../gen/fivestrand/audit/v1/audit_pb';
import { readerName, readLines, sayRead } from '../model/reads';
import { Loading, ProblemNote } from './parts';

// `service` is the one that keeps the record; `what` the record is called, where a page has several.
export function Readers({ name, service, what = 'this' }: { name: string; service: 'welfare' | 'cpd'; what?: string }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="no-print" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="text-button">Who has read {what}</summary>
      {open && <Lines name={name} service={service} />}
    </details>
  );
}

function Lines({ name, service }: { name: string; service: string }) {
  const client = useClient(AuditService);
  const people = usePeople();
  const query = useInfiniteQuery({
    queryKey: ['reads', name],
    gcTime: 0,
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) => client.listRecordReads({ name, pageToken: pageParam }, { signal, headers: { 'fivestrand-service': service } }),
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
  });
  if (query.isError) return <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="Who has read this" />;
  if (!query.data) return <Loading lines={2} />;
  const lines = readLines(query.data.pages.flatMap(({ recordReads }) => recordReads));
  return (
    <>
      {lines.length === 0 && <p className="as-of">Nobody but you.</p>}
      <ul className="group-list">
        {lines.map((line) => (
          <li key={line.key}>{sayRead(line, readerName(line.reader, (person) => nameIn(people, person)))}</li>
        ))}
      </ul>
      {query.hasNextPage && (
        <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Earlier
        </Button>
      )}
    </>
  );
}
