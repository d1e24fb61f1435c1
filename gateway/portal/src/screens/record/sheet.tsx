// One record in full: read it, add to it, remove it.
import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { collectionOf, schoolOf } from '../../api/names';
import type { Clients } from '../../api/transport';
import { useSession } from '../../app/auth';
import { useRecorder } from '../../app/hooks';
import { nameIn, useClasses, useFocuses, usePeople, useSubjects } from '../../app/queries';
import { useServices } from '../../app/services';
import { sayWhen, toInstant } from '../../model/dates';
import { mayChange } from '../../model/roles';
import { DUTY_WORDS, PUPIL_GROUPS, sayYearGroup } from '../../model/words';
import { typeOf } from '../../offline/recorder';
import { Loading, ProblemNote } from '../../ui/parts';
import { Sheet } from '../../ui/sheet';
import { useToast } from '../../ui/toast';
import { EditForm } from './edit';
import type { Editable } from './fields';

export function getRecord(clients: Clients, name: string, signal?: AbortSignal): Promise<Editable> {
  switch (collectionOf(name)) {
    case 'dropIns':
      return clients.visibility.getDropIn({ name }, { signal });
    case 'duties':
      return clients.visibility.getDuty({ name }, { signal });
    default:
      return clients.visibility.getModelledLesson({ name }, { signal });
  }
}

export function RecordSheet({ name, onClose }: { name: string | undefined; onClose: () => void }) {
  const { clients } = useServices();
  const session = useSession();
  const school = name ? (schoolOf(name) ?? '') : '';
  const query = useQuery({
    queryKey: ['record', name],
    enabled: name !== undefined,
    // What one reads or edits stays as it is; a change by somebody else meets one at saving.
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    queryFn: ({ signal }) => getRecord(clients, name ?? '', signal),
  });
  const record = query.data;
  return (
    <Sheet opened={name !== undefined} onClose={onClose} title={<Title record={record} school={school} />}>
      {name && query.isPending && <Loading lines={4} />}
      {name && query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} />}
      {record && (
        <>
          <About record={record} school={school} />
          {mayChange(session, record) ? <EditForm key={record.etag} record={record} onClose={onClose} /> : <ReadOnly record={record} />}
          {mayChange(session, record) && <Remove record={record} onClose={onClose} />}
        </>
      )}
    </Sheet>
  );
}

function Title({ record, school }: { record: Editable | undefined; school: string }) {
  const classes = useClasses(record && record.$typeName !== 'fivestrand.leadership.v1.Duty' ? school : undefined);
  if (!record) return 'Record';
  switch (record.$typeName) {
    case 'fivestrand.leadership.v1.Duty':
      return DUTY_WORDS[record.kind];
    case 'fivestrand.leadership.v1.DropIn':
      return `Drop-in, ${nameIn(classes, record.schoolClass)}`;
    case 'fivestrand.leadership.v1.ModelledLesson':
      return `Modelled lesson, ${nameIn(classes, record.schoolClass)}`;
  }
}

function About({ record, school }: { record: Editable; school: string }) {
  const people = usePeople();
  const session = useSession();
  const at = toInstant(record.startTime);
  const year = record.$typeName === 'fivestrand.leadership.v1.Duty' ? '' : sayYearGroup(record.yearGroup);
  return (
    <p className="log-about">
      {[at && sayWhen(at), year, nameIn(people, record.leader), session.schools.find((other) => other.name === school)?.displayName]
        .filter(Boolean)
        .join(' · ')}
    </p>
  );
}

function ReadOnly({ record }: { record: Editable }) {
  const subjects = useSubjects();
  const focuses = useFocuses();
  const people = usePeople();
  const rows: [string, string][] = [];
  if (record.$typeName === 'fivestrand.leadership.v1.Duty') rows.push(['Note', record.note]);
  else {
    rows.push(['Subject', record.subject && nameIn(subjects, record.subject)], ['Focus', record.focus && nameIn(focuses, record.focus)]);
    if (record.$typeName === 'fivestrand.leadership.v1.DropIn') {
      rows.push(
        ['Teacher', record.teacher && nameIn(people, record.teacher)],
        [
          'Pupils looked at',
          PUPIL_GROUPS.filter(({ group }) => record.pupilGroups.includes(group))
            .map(({ label }) => label)
            .join(', '),
        ],
        ['Went well', record.wentWell],
        ['Even better if', record.evenBetterIf],
      );
    } else {
      rows.push(
        ['What was modelled', record.whatWasModelled],
        ['Who watched', record.observers.map((name) => nameIn(people, name)).join(', ')],
      );
    }
  }
  const filled = rows.filter(([, value]) => value);
  return (
    <dl className="facts">
      {filled.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      {filled.length === 0 && (
        <div>
          <dt>Nothing more is recorded.</dt>
        </div>
      )}
    </dl>
  );
}

function Remove({ record, onClose }: { record: Editable; onClose: () => void }) {
  const recorder = useRecorder();
  const toast = useToast();
  const queries = useQueryClient();
  const remove = async () => {
    const removal = await recorder.remove(typeOf(record), record.name, 'Record');
    onClose();
    toast({
      text: 'Removed',
      action: { label: 'Undo', run: () => void recorder.bringBack(removal).then(() => queries.invalidateQueries({ queryKey: ['day'] })) },
    });
  };
  return (
    <Button variant="subtle" color="red" mt="md" fullWidth onClick={() => void remove()}>
      Remove this record
    </Button>
  );
}
