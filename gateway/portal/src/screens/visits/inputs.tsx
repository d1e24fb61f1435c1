// The fields of a visit. Who can read what is said before one types.
import { Button, Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core';
import type { SchoolRef } from '../../api/session';
import { usePeople } from '../../app/queries';
import { today } from '../../model/dates';
import { LockIcon, PlusIcon } from '../../ui/icons';
import { PersonPicker } from '../../ui/people-picker';
import type { FollowUpFields, VisitFields } from './form';

const PURPOSES = ['Learning walk', 'Meeting with the headteacher', 'Books and pupil voice', 'Follow-up'];

export function VisitInputs(props: {
  values: VisitFields;
  set: (fields: Partial<VisitFields>) => void;
  schools: SchoolRef[];
  wrong: Partial<Record<keyof VisitFields, string>>;
  planned: boolean;
}) {
  const { values, set, schools, wrong } = props;
  return (
    <>
      {schools.length > 0 && (
        <NativeSelect
          id="visit-school"
          label="School"
          value={values.school}
          error={wrong.school}
          onChange={(event) => set({ school: event.currentTarget.value })}
          data={[{ value: '', label: 'Choose a school' }, ...schools.map(({ name, displayName }) => ({ value: name, label: displayName }))]}
        />
      )}
      <div className="form-pair">
        <TextInput
          id="visit-day"
          type="date"
          label="Day"
          value={values.day}
          error={wrong.day}
          onChange={(event) => set({ day: event.currentTarget.value })}
        />
        <TextInput
          id="visit-clock"
          type="time"
          label="Time"
          value={values.clock}
          error={wrong.clock}
          onChange={(event) => set({ clock: event.currentTarget.value })}
        />
      </div>
      <TextInput
        id="visit-purpose"
        label="Purpose"
        value={values.purpose}
        error={wrong.purpose}
        maxLength={300}
        onChange={(event) => set({ purpose: event.currentTarget.value })}
      />
      {values.purpose === '' && (
        <div className="suggestions">
          {PURPOSES.map((purpose) => (
            <Button key={purpose} variant="default" size="sm" h={44} onClick={() => set({ purpose })}>
              {purpose}
            </Button>
          ))}
        </div>
      )}
      <Textarea
        label={props.planned ? 'What to look for' : 'What was seen'}
        description="Read by the headteacher and senior leaders of the school, executive headteachers and the CEO."
        value={values.seen}
        maxLength={4000}
        onChange={(event) => set({ seen: event.currentTarget.value })}
      />
      <FollowUpInputs followUps={values.followUps} onChange={(followUps) => set({ followUps })} />
      <div className="private">
        <p id="private-readers" className="private-readers">
          <LockIcon size={20} />{' '}
          <span>
            <strong>Only you can read this note.</strong> Not the headteacher, not the CEO, not an administrator. It is encrypted where it
            is stored.
          </span>
        </p>
        <Textarea
          label="Private note"
          aria-describedby="private-readers"
          value={values.privateNote}
          maxLength={4000}
          onChange={(event) => set({ privateNote: event.currentTarget.value })}
        />
      </div>
    </>
  );
}

function FollowUpInputs({ followUps, onChange }: { followUps: FollowUpFields[]; onChange: (followUps: FollowUpFields[]) => void }) {
  const people = usePeople();
  const edit = (index: number, fields: Partial<FollowUpFields>) =>
    onChange(followUps.map((other, at) => (at === index ? { ...other, ...fields } : other)));
  return (
    <fieldset className="follow-ups">
      <legend>Agreed</legend>
      {followUps.map((followUp, index) => (
        <div className="follow-up" key={index}>
          <Textarea
            minRows={1}
            label={`What is to be done (${index + 1})`}
            value={followUp.action}
            maxLength={500}
            onChange={(event) => edit(index, { action: event.currentTarget.value })}
          />
          <div className="form-pair">
            <PersonPicker label="Who" people={people} value={followUp.owner} onChange={(owner) => edit(index, { owner })} />
            <TextInput
              type="date"
              label="Until"
              value={followUp.due}
              onChange={(event) => edit(index, { due: event.currentTarget.value })}
            />
          </div>
          <div className="follow-up-foot">
            <Checkbox
              size="md"
              label="Done"
              checked={followUp.done !== ''}
              onChange={(event) => edit(index, { done: event.currentTarget.checked ? today() : '' })}
            />
            <Button variant="subtle" size="sm" h={44} onClick={() => onChange(followUps.filter((_, at) => at !== index))}>
              Remove<span className="sr-only"> follow-up {index + 1}</span>
            </Button>
          </div>
        </div>
      ))}
      {followUps.length < 20 && (
        <Button
          variant="default"
          leftSection={<PlusIcon size={18} />}
          onClick={() => onChange([...followUps, { action: '', owner: '', due: '', done: '' }])}
        >
          Add what was agreed
        </Button>
      )}
    </fieldset>
  );
}
