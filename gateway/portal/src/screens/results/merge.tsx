// Two records of one pupil become one: look for the other, see side by side what will happen, then do it. It cannot be taken back.
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newRequestId } from '../../api/ids';
import { idOf } from '../../api/names';
import { useSession } from '../../app/auth';
import { nameIn, useSubjects } from '../../app/queries';
import { useClient } from '../../app/services';
import { PupilService, type MergePupilsResponse, type PupilOverview } from '../../gen/fivestrand/assessment/v1/pupil_service_pb';
import type { Pupil } from '../../gen/fivestrand/assessment/v1/pupils_pb';
import { fromProtoDate, sayDay } from '../../model/dates';
import { filterFor, likeliestFirst, sayMerge } from '../../model/pupils';
import { nameOfSchool } from '../../model/roles';
import { sayYearGroup } from '../../model/words';
import { useAction } from '../../ui/action';
import { Empty, Loading, ProblemNote, TableHead } from '../../ui/parts';
import { ListRow } from '../../ui/list-row';
import { usePupil, usePupilResults, usePupils, useWindows } from './queries';

export function MergePupil({ overview, onDone }: { overview: PupilOverview; onDone: () => void }) {
  const [other, setOther] = useState<Pupil | undefined>();
  const pupil = overview.pupil;
  if (!pupil) return null;
  return other ? (
    <Compare pupil={pupil} overview={overview} other={other} onBack={() => setOther(undefined)} onDone={onDone} />
  ) : (
    <Find pupil={pupil} onFound={setOther} />
  );
}

function useSayPupil() {
  const session = useSession();
  return (pupil: Pupil) =>
    [pupil.school && nameOfSchool(session, pupil.school), sayYearGroup(pupil.yearGroup), !pupil.onRoll && 'not on roll', pupil.upn || 'no UPN'].filter(Boolean).join(' · ');
}

function Find({ pupil, onFound }: { pupil: Pupil; onFound: (other: Pupil) => void }) {
  const say = useSayPupil();
  const [by, setBy] = useState<'family_name' | 'upn'>('family_name');
  const [text, setText] = useState(pupil.familyName);
  const filter = filterFor(by, text);
  const query = usePupils(filter, filter !== '');
  const found = likeliestFirst(
    (query.data ?? []).filter(({ name }) => name !== pupil.name),
    pupil,
  );
  return (
    <div className="form">
      <p>Which record is the same child as this one? It goes, and what it holds comes here.</p>
      <div className="form-pair">
        <NativeSelect
          label="Look for"
          value={by}
          data={[
            { value: 'family_name', label: 'Family name' },
            { value: 'upn', label: 'UPN' },
          ]}
          onChange={(event) => {
            const next = event.currentTarget.value as typeof by;
            setBy(next);
            setText(next === 'family_name' ? pupil.familyName : '');
          }}
        />
        <TextInput label={by === 'upn' ? 'Its UPN' : 'Written as'} value={text} onChange={(event) => setText(event.currentTarget.value)} />
      </div>
      {filter !== '' && query.isPending && <Loading lines={3} />}
      {query.isError && <ProblemNote error={query.error} title="Pupils" />}
      {filter !== '' && query.data && found.length === 0 && <Empty title="No other record">Nobody else is written like that. Try the UPN, or another spelling.</Empty>}
      {filter !== '' && (
        <ul className="record-list">
          {found.slice(0, 50).map((each) => (
            <ListRow key={each.name} title={`${each.familyName}, ${each.givenName}`} onOpen={() => onFound(each)}>
              {say(each)}
            </ListRow>
          ))}
        </ul>
      )}
    </div>
  );
}

interface CompareProps {
  pupil: Pupil;
  overview: PupilOverview;
  other: Pupil;
  onBack: () => void;
  onDone: () => void;
}

function Compare({ pupil, overview, other, onBack, onDone }: CompareProps) {
  const client = useClient(PupilService);
  const queries = useQueryClient();
  const { run, busy, problem } = useAction();
  const otherOverview = usePupil(other.name);
  const [done, setDone] = useState<MergePupilsResponse | undefined>();
  // What would happen, worked out by the service itself.
  const preview = useQuery({
    queryKey: ['merge', pupil.name, pupil.etag, other.name],
    gcTime: 0,
    queryFn: ({ signal }) => client.mergePupils({ name: pupil.name, duplicate: other.name, etag: pupil.etag, validateOnly: true, requestId: newRequestId() }, { signal }),
  });
  if (done) {
    return (
      <div className="form" role="status">
        <p>
          <strong>The two records are one.</strong> {sayMerge(done)}
        </p>
        <Conflicts answer={done} past />
        <Button onClick={onDone}>Close</Button>
      </div>
    );
  }
  return (
    <div className="form">
      <div className="sides">
        <Side title="This record stays" pupil={pupil} overview={overview} />
        <Side title="This record goes" pupil={other} overview={otherOverview.data} />
      </div>
      {preview.isPending && <Loading lines={3} />}
      {preview.isError && <ProblemNote error={preview.error} onRetry={() => void preview.refetch()} title="The merge" />}
      {preview.data && (
        <section aria-labelledby="merge-title">
          <h2 id="merge-title" className="section-title">
            What will happen
          </h2>
          <p>{sayMerge(preview.data)}</p>
          {pupil.upn === '' && other.upn !== '' && <p>The UPN {other.upn} comes here.</p>}
          {pupil.upn !== '' && other.upn !== '' && <p>The UPN {other.upn} is kept with the record that goes.</p>}
          <Conflicts answer={preview.data} />
          <p className="problem-line">This cannot be taken back. The other record stays in the history, and says where it went.</p>
        </section>
      )}
      {problem}
      <div className="sheet-actions">
        <Button variant="default" onClick={onBack}>
          Another record
        </Button>
        <Button
          color="red"
          loading={busy}
          disabled={!preview.data}
          onClick={() =>
            void run(async () => {
              const answer = await client.mergePupils({ name: pupil.name, duplicate: other.name, etag: pupil.etag, requestId: newRequestId() });
              setDone(answer);
              await Promise.all(['pupil', 'pupils', 'pupil-results', 'analysis', 'grid'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
            })
          }
        >
          Make them one
        </Button>
      </div>
    </div>
  );
}

function Side({ title, pupil, overview }: { title: string; pupil: Pupil; overview: PupilOverview | undefined }) {
  const say = useSayPupil();
  const session = useSession();
  const results = usePupilResults(pupil.name);
  const born = fromProtoDate(pupil.birthDate);
  return (
    <section className="side" aria-label={title}>
      <h3 className="record-day">{title}</h3>
      <p>
        <strong>
          {pupil.givenName} {pupil.familyName}
        </strong>
      </p>
      <p>{say(pupil)}</p>
      {born && <p>Born {sayDay(born)}</p>}
      <p>
        {results.data ? (results.data.length === 1 ? '1 result' : `${results.data.length} results`) : '…'}
        {overview && `, ${overview.groupMemberships.length === 1 ? '1 group' : `${overview.groupMemberships.length} groups`}`}
      </p>
      <ul>
        {overview?.enrolments.slice(0, 5).map((enrolment) => {
          const from = fromProtoDate(enrolment.startDate);
          const to = fromProtoDate(enrolment.endDate);
          return (
            <li key={enrolment.name}>
              <small>
                {nameOfSchool(session, enrolment.school)}, {sayYearGroup(enrolment.yearGroup)}, from {from && sayDay(from)}
                {to && ` to ${sayDay(to)}`}
              </small>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Conflicts({ answer, past = false }: { answer: MergePupilsResponse; past?: boolean }) {
  const subjects = useSubjects();
  const { windows } = useWindows();
  if (answer.conflicts.length === 0) return null;
  return (
    <div className="grid-scroll" tabIndex={0} role="region" aria-label="Results that differ">
      <table className="numbers">
        <caption>Where both have a result and they differ, the newer one {past ? 'stands' : 'will stand'}; the other is in its history.</caption>
        <TableHead left={['Subject', 'Window', 'Stands', 'Gives way']} />
        <tbody>
          {answer.conflicts.map((conflict) => (
            <tr key={`${conflict.subject} ${conflict.window} ${conflict.scale}`}>
              <th scope="row">{nameIn(subjects, conflict.subject)}</th>
              <td>{windows.find(({ name }) => name === conflict.window)?.displayName ?? idOf(conflict.window)}</td>
              <td>{conflict.keptOutcome}</td>
              <td>{conflict.otherOutcome}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
