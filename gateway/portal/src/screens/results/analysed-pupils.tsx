// The pupils behind a cell.
import { create } from '@bufbuild/protobuf';
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { idOf } from '../../api/names';
import { useSession } from '../../app/auth';
import { nameIn, useSubjects } from '../../app/queries';
import { useClient } from '../../app/services';
import { AnalysisService, ResultFilterSchema, type CellKey } from '../../gen/fivestrand/assessment/v1/analysis_pb';
import { requestOf, type Question } from '../../model/analysis';
import { PUPIL_GROUPS, sayYearGroup } from '../../model/words';
import { Empty, Loading, ProblemNote, TableHead } from '../../ui/parts';
import { Sheet } from '../../ui/sheet';
import type { LabelOf } from './labels';
import { usePupils } from './queries';

const PAGE = 100;

export function AnalysedPupils(props: { question: Question; keys: CellKey[] | undefined; labelOf: LabelOf; onClose: () => void }) {
  return (
    <Sheet opened={props.keys !== undefined} onClose={props.onClose} title={props.keys?.map(props.labelOf).join(', ') || 'Pupils'} wide>
      {props.keys && <List question={props.question} keys={props.keys} />}
    </Sheet>
  );
}

function List({ question, keys }: { question: Question; keys: CellKey[] }) {
  const session = useSession();
  const client = useClient(AnalysisService);
  const subjects = useSubjects();
  const base = requestOf(question, session.trust, `${session.trust}/schools/-`);
  const filter = base.filter ?? create(ResultFilterSchema);
  for (const { value } of keys) {
    if (value.case === 'school') filter.schools = [value.value];
    if (value.case === 'phase') filter.phases = [value.value];
    if (value.case === 'yearGroup') filter.yearGroups = [value.value];
    if (value.case === 'schoolClass') filter.schoolClasses = [value.value];
    if (value.case === 'subject') filter.subjects = [value.value];
    if (value.case === 'window') filter.windows = [value.value];
    if (value.case === 'priorAttainment') filter.priorAttainments = [value.value];
    if (value.case === 'pupilGroup') {
      if (value.value.others) filter.withoutPupilGroups = [value.value.group];
      else filter.pupilGroups = [...filter.pupilGroups, value.value.group];
    }
  }
  const list = useInfiniteQuery({
    queryKey: ['analysis', 'pupils', JSON.stringify(filter), base.parent, base.baselineWindow],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      client.listAnalysedPupils({ parent: base.parent, filter, baselineWindow: base.baselineWindow, pageSize: PAGE, pageToken: pageParam }, { signal }),
    getNextPageParam: (last) => last.nextPageToken || undefined,
  });
  const results = list.data?.pages.flatMap((page) => page.results) ?? [];
  const school = results[0]?.school;
  const pupils = usePupils(school ? `school = ${JSON.stringify(school)}` : '', results.length > 0);
  const names = new Map((pupils.data ?? []).map(({ name, givenName, familyName }) => [name, `${familyName}, ${givenName}`]));
  const several = new Set(results.map(({ subject }) => subject)).size > 1;
  return (
    <>
      {list.isPending && <Loading lines={5} />}
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} title="Pupils" />}
      {list.data && results.length === 0 && <Empty title="No pupil that you may see">The figure stays; whom it is about is open to those who teach or lead them.</Empty>}
      {results.length > 0 && (
        <table className="numbers">
          <caption>{list.hasNextPage ? `The first ${results.length}` : results.length} results. Opening this list is written down in the audit trail.</caption>
          <TableHead left={['Pupil', 'Year', ...(several ? ['Subject'] : []), ...(base.baselineWindow ? ['Then'] : []), 'Result', 'Groups']} />
          <tbody>
            {results.map((result, index) => (
              <tr key={index}>
                <th scope="row">
                  <Link href={`/results/pupils/${idOf(result.pupil)}`}>{names.get(result.pupil) ?? 'Pupil'}</Link>
                </th>
                <td>{sayYearGroup(result.yearGroup)}</td>
                {several && <td>{nameIn(subjects, result.subject)}</td>}
                {base.baselineWindow && <td>{result.baselineOutcome || '–'}</td>}
                <td>{result.outcome}</td>
                <td>{result.pupilGroups.map((group) => PUPIL_GROUPS.find((one) => one.group === group)?.label).filter(Boolean).join(', ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {list.hasNextPage && (
        <Button variant="default" mt="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          More
        </Button>
      )}
    </>
  );
}
