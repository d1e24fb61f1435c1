// For a teacher: the drop-ins to their own lessons, and nobody else's.
import { useQuery } from '@tanstack/react-query';
import { useSession } from '../app/auth';
import { useParam } from '../app/hooks';
import { useServices } from '../app/services';
import { idOf } from '../api/names';
import { sayWhen, toInstant } from '../model/dates';
import { nameIn, useClasses, useFocuses, usePeople } from '../app/queries';
import { ChevronIcon, DoorIcon } from '../ui/icons';
import { Empty, Loading, PageHead, ProblemNote } from '../ui/parts';
import { RecordSheet } from './record/sheet';

export default function MineScreen({ school }: { school: string }) {
  const { clients } = useServices();
  const { person } = useSession();
  const record = useParam('record');
  const classes = useClasses(school);
  const focuses = useFocuses();
  const people = usePeople();
  const query = useQuery({
    queryKey: ['records', school, 'mine', person],
    queryFn: async ({ signal }) =>
      (
        await clients.visibility.listDropIns(
          { parent: school, filter: `teacher = ${JSON.stringify(person)}`, orderBy: 'start_time desc', pageSize: 100 },
          { signal },
        )
      ).dropIns,
  });
  return (
    <>
      <PageHead title="My lessons">
        Drop-ins to lessons that you taught. You, the leaders of your school and the executive headteacher can read them.
      </PageHead>
      {query.isPending && <Loading />}
      {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} />}
      {query.data?.length === 0 && (
        <Empty title="None yet">When a leader drops into one of your lessons, what they saw appears here.</Empty>
      )}
      <ul className="record-list">
        {query.data?.map((dropIn) => {
          const at = toInstant(dropIn.startTime);
          return (
            <li className="record" key={dropIn.name}>
              <button type="button" className="record-open" onClick={() => record.open(`dropIns/${idOf(dropIn.name)}`)}>
                <DoorIcon size={20} />
                <span className="record-what">
                  <strong>{nameIn(classes, dropIn.schoolClass)}</strong> {dropIn.focus && nameIn(focuses, dropIn.focus)}
                  <small>
                    {at && sayWhen(at)} · {nameIn(people, dropIn.leader)}
                  </small>
                  {dropIn.wentWell && <small>{dropIn.wentWell}</small>}
                </span>
                <ChevronIcon size={18} className="record-chevron" />
              </button>
            </li>
          );
        })}
      </ul>
      <RecordSheet name={record.value ? `${school}/${record.value}` : undefined} onClose={record.close} />
    </>
  );
}
