// The pupils whom one may see, by school and year.
import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { idOf } from '../../api/names';
import { useSession } from '../../app/auth';
import { YearGroup } from '../../gen/fivestrand/type/v1/school_pb';
import { schoolsOf } from '../../model/roles';
import { sayYearGroup } from '../../model/words';
import { Empty, Loading, PageHead, ProblemNote } from '../../ui/parts';
import { ListRow } from '../../ui/list-row';
import { MOST_PUPILS, usePupils } from './queries';

export default function PupilsScreen() {
  const session = useSession();
  const schools = schoolsOf(session);
  const [school, setSchool] = useState(schools[0]?.name ?? '');
  const [year, setYear] = useState('');
  const [text, setText] = useState('');
  const filter = ['on_roll = true', school && `school = ${JSON.stringify(school)}`, year && `year_group = ${year}`].filter(Boolean).join(' AND ');
  const query = usePupils(filter);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = (query.data ?? []).filter(({ givenName, familyName, upn }) => words.every((word) => `${givenName} ${familyName} ${upn}`.toLowerCase().includes(word)));
  const years = Object.entries(YearGroup).filter((entry): entry is [string, YearGroup] => typeof entry[1] === 'number' && entry[1] > 0);
  return (
    <>
      <PageHead title="Pupils">Those whom you teach or lead.</PageHead>
      <div className="question">
        {schools.length > 1 && (
          <NativeSelect
            label="School"
            value={school}
            data={schools.map(({ name, displayName }) => ({ value: name, label: displayName }))}
            onChange={(event) => setSchool(event.currentTarget.value)}
          />
        )}
        <NativeSelect
          label="Year group"
          value={year}
          data={[{ value: '', label: 'All' }, ...years.map(([name, value]) => ({ value: name, label: sayYearGroup(value) }))]}
          onChange={(event) => setYear(event.currentTarget.value)}
        />
        <TextInput label="Name or UPN" value={text} onChange={(event) => setText(event.currentTarget.value)} />
      </div>
      {query.isPending && <Loading lines={8} />}
      {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="Pupils" />}
      {query.data && (
        <p className="as-of" role="status">
          {found.length} pupils{query.data.length >= MOST_PUPILS ? `, of the first ${MOST_PUPILS}: choose a year` : ''}
        </p>
      )}
      {query.data && found.length === 0 && <Empty title="Nobody">No pupil whom you may see fits this.</Empty>}
      <ul className="record-list">
        {found.slice(0, 300).map((pupil) => (
          <ListRow key={pupil.name} title={`${pupil.familyName}, ${pupil.givenName}`} href={`/results/pupils/${idOf(pupil.name)}`}>
            {sayYearGroup(pupil.yearGroup)}
          </ListRow>
        ))}
      </ul>
    </>
  );
}
