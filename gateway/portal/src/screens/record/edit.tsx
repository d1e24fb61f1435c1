// Changing a record. Typing is drafted as it happens; when somebody else saved in between, both texts stand side by side at the field.
import { create } from '@bufbuild/protobuf';
import { FieldMaskSchema } from '@bufbuild/protobuf/wkt';
import { Button, Chip, Input, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { problemOf, type Problem } from '../../api/errors';
import { newRequestId } from '../../api/ids';
import { schoolOf } from '../../api/names';
import type { Clients } from '../../api/transport';
import { useDraft } from '../../app/hooks';
import { refetchFor } from '../../app/live';
import { nameIn, useFocuses, usePeople, useSchoolClasses, useSubjects } from '../../app/queries';
import { useServices } from '../../app/services';
import { Duty_Kind } from '../../gen/fivestrand/leadership/v1/visibility_pb';
import { bothTexts, changedFields, merge, type FieldConflict } from '../../model/merge';
import { DUTY_WORDS, PUPIL_GROUPS } from '../../model/words';
import { Conflict } from '../../ui/conflict';
import { Form } from '../../ui/form';
import { PeoplePicker, PersonPicker } from '../../ui/people-picker';
import { useToast } from '../../ui/toast';
import { WordSelect } from '../../ui/word-select';
import { fieldsOf, labelOf, pathsOf, withFields, type Editable, type Fields } from './fields';
import { getRecord } from './sheet';

const RESOURCE_TYPES: Record<Editable['$typeName'], string> = {
  'fivestrand.leadership.v1.DropIn': 'fivestrand/DropIn',
  'fivestrand.leadership.v1.Duty': 'fivestrand/Duty',
  'fivestrand.leadership.v1.ModelledLesson': 'fivestrand/ModelledLesson',
};

function update(clients: Clients, record: Editable, paths: string[]): Promise<Editable> {
  const updateMask = create(FieldMaskSchema, { paths });
  const requestId = newRequestId();
  switch (record.$typeName) {
    case 'fivestrand.leadership.v1.DropIn':
      return clients.visibility.updateDropIn({ dropIn: record, updateMask, requestId });
    case 'fivestrand.leadership.v1.Duty':
      return clients.visibility.updateDuty({ duty: record, updateMask, requestId });
    case 'fivestrand.leadership.v1.ModelledLesson':
      return clients.visibility.updateModelledLesson({ modelledLesson: record, updateMask, requestId });
  }
}

// What is drafted: the values, and what they were when one began, so that a merge is possible days later.
interface Drafted {
  values: Fields;
  base: Fields;
}

export function EditForm({ record, onClose }: { record: Editable; onClose: () => void }) {
  const { clients } = useServices();
  const queries = useQueryClient();
  const toast = useToast();
  const say = useSay();
  const initial = useMemo(() => fieldsOf(record), [record]);
  const draft = useDraft<Drafted>(`edit ${record.name}`, { values: initial, base: initial });
  const [current, setCurrent] = useState(record);
  const [problem, setProblem] = useState<Problem>();
  const [conflicts, setConflicts] = useState<FieldConflict[]>([]);
  const [taken, setTaken] = useState<string[]>([]);
  const [saving, setSaving] = useState(false);
  const { values } = draft.value;
  const set = (fields: Partial<Fields>) => draft.change({ values: { ...values, ...fields } });

  // Puts what somebody else saved beside one's own. Returns whether a person has to choose.
  const mergeWith = (theirs: Editable, mine: Fields, base: Fields) => {
    const merged = merge<Fields>(base, mine, fieldsOf(theirs));
    setCurrent(theirs);
    setConflicts(merged.conflicts);
    setTaken(merged.taken);
    draft.change({ values: merged.value, base: fieldsOf(theirs) });
    return merged;
  };

  // A draft of an earlier day may have begun from an older version than the one that is here now.
  const checked = useRef(false);
  useEffect(() => {
    if (!draft.ready || checked.current) return;
    checked.current = true;
    if (draft.restored && changedFields<Fields>(draft.value.base, initial).length > 0) mergeWith(record, values, draft.value.base);
  });

  const save = async () => {
    const changed = changedFields<Fields>(fieldsOf(current), values);
    if (changed.length === 0) {
      await draft.clear();
      onClose();
      return;
    }
    setSaving(true);
    setProblem(undefined);
    try {
      const saved = await update(clients, withFields(current, values), pathsOf(changed));
      await draft.clear();
      refetchFor(queries, RESOURCE_TYPES[record.$typeName], saved.name);
      onClose();
      toast({ text: 'Saved' });
    } catch (error) {
      const found = problemOf(error);
      if (found.kind === 'conflict') {
        const theirs = await getRecord(clients, record.name).catch(() => undefined);
        if (theirs) mergeWith(theirs, values, draft.value.base);
      }
      setProblem(found);
    } finally {
      setSaving(false);
    }
  };

  const settle = (field: string, value: unknown) => {
    set({ [field]: value } as Partial<Fields>);
    setConflicts((before) => before.filter((conflict) => conflict.field !== field));
  };

  return (
    <Form
      noValidate
      onSubmit={() => void save()}
    >
      {draft.restored && changedFields<Fields>(initial, values).length > 0 && (
        <p className="restored" role="status">
          What you typed before is back.{' '}
          <button type="button" className="text-button" onClick={() => draft.change({ values: initial, base: initial })}>
            Throw it away
          </button>
        </p>
      )}
      {problem && (
        <div className="problem-line" role="alert">
          <strong>{problem.title}.</strong>{' '}
          {problem.kind === 'offline' ? 'What you typed is kept here. Save again when the connection is back.' : problem.advice}
          {problem.fields.map((field) => (
            <div key={field.field}>{field.description}</div>
          ))}
        </div>
      )}
      {taken.length > 0 && <p className="restored">Taken over from the other version: {taken.map(labelOf).join(', ')}.</p>}
      {conflicts.map(({ field, mine, theirs }) => (
        <Conflict
          key={field}
          label={labelOf(field)}
          mine={say(field, mine)}
          theirs={say(field, theirs)}
          onMine={() => settle(field, mine)}
          onTheirs={() => settle(field, theirs)}
          onBoth={isText(field) ? () => settle(field, bothTexts(String(mine), String(theirs))) : undefined}
        />
      ))}
      <Inputs record={current} values={values} set={set} />
      <div className="sheet-actions">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button type="submit" loading={saving} disabled={conflicts.length > 0}>
          Save
        </Button>
      </div>
    </Form>
  );
}

function isText(field: string): boolean {
  return ['wentWell', 'evenBetterIf', 'note', 'whatWasModelled'].includes(field);
}

function useSay(): (field: string, value: unknown) => string {
  const subjects = useSubjects();
  const focuses = useFocuses();
  const people = usePeople();
  return (field, value) => {
    if (field === 'subject') return value ? nameIn(subjects, String(value)) : '';
    if (field === 'focus') return value ? nameIn(focuses, String(value)) : '';
    if (field === 'teacher') return value ? nameIn(people, String(value)) : '';
    if (field === 'kind') return DUTY_WORDS[value as Duty_Kind];
    if (field === 'pupilGroups')
      return PUPIL_GROUPS.filter(({ group }) => (value as number[]).includes(group))
        .map(({ label }) => label)
        .join(', ');
    if (field === 'observers') return (value as string[]).map((name) => nameIn(people, name)).join(', ');
    return String(value ?? '');
  };
}

function Inputs({ record, values, set }: { record: Editable; values: Fields; set: (fields: Partial<Fields>) => void }) {
  const subjects = useSubjects();
  const focuses = useFocuses();
  const people = usePeople();
  const ofLesson = record.$typeName !== 'fivestrand.leadership.v1.Duty';
  const classes = useSchoolClasses(ofLesson ? schoolOf(record.name) : undefined);
  const schoolClass = ofLesson ? classes.get(record.schoolClass) : undefined;
  const time = <TextInput type="time" label="Time" value={values.clock} onChange={(event) => set({ clock: event.currentTarget.value })} />;
  if (record.$typeName === 'fivestrand.leadership.v1.Duty') {
    return (
      <>
        <WordSelect label="Duty" words={DUTY_WORDS} value={values.kind} onChange={(kind) => set({ kind })} />
        {time}
        <Textarea
          label="Note"
          description="Optional"
          value={values.note}
          maxLength={1000}
          onChange={(event) => set({ note: event.currentTarget.value })}
        />
      </>
    );
  }
  const taught = schoolClass?.subjects.length ? new Map([...subjects].filter(([name]) => schoolClass.subjects.includes(name))) : subjects;
  const subject = (
    <NativeSelect
      label="Subject"
      value={values.subject}
      onChange={(event) => set({ subject: event.currentTarget.value })}
      data={[{ value: '', label: 'Not one in particular' }, ...options(taught, values.subject)]}
    />
  );
  const focus = (
    <NativeSelect
      label="Focus"
      value={values.focus}
      onChange={(event) => set({ focus: event.currentTarget.value })}
      data={[{ value: '', label: 'No particular focus' }, ...options(focuses, values.focus)]}
    />
  );
  if (record.$typeName === 'fivestrand.leadership.v1.ModelledLesson') {
    return (
      <>
        <Textarea
          label="What you modelled"
          value={values.whatWasModelled}
          maxLength={2000}
          onChange={(event) => set({ whatWasModelled: event.currentTarget.value })}
        />
        {focus}
        {subject}
        {time}
        <PeoplePicker label="Who watched" people={people} value={values.observers} onChange={(observers) => set({ observers })} most={60} />
      </>
    );
  }
  return (
    <>
      <Textarea
        label="Went well"
        value={values.wentWell}
        maxLength={4000}
        onChange={(event) => set({ wentWell: event.currentTarget.value })}
      />
      <Textarea
        label="Even better if"
        value={values.evenBetterIf}
        maxLength={4000}
        onChange={(event) => set({ evenBetterIf: event.currentTarget.value })}
      />
      {focus}
      <Input.Wrapper size="md" label="Pupils you looked at" labelElement="div" id="pupil-groups">
        <Chip.Group multiple value={values.pupilGroups.map(String)} onChange={(groups) => set({ pupilGroups: groups.map(Number).sort() })}>
          <div className="chips" role="group" aria-labelledby="pupil-groups-label">
            {PUPIL_GROUPS.map(({ group, label }) => (
              <Chip key={group} value={String(group)} size="md">
                {label}
              </Chip>
            ))}
          </div>
        </Chip.Group>
      </Input.Wrapper>
      {subject}
      <PersonPicker
        label="Teacher"
        people={people}
        value={values.teacher}
        onChange={(teacher) => set({ teacher })}
        first={schoolClass?.teachers}
      />
      {time}
      <p className="who-reads">
        Read by you, the teacher, and the leaders of {schoolOf(record.name) ? 'the school' : 'the trust'}. Never used for a ranking.
      </p>
    </>
  );
}

function options(names: Map<string, string>, chosen: string) {
  const all = [...names].map(([value, label]) => ({ value, label }));
  return chosen && !names.has(chosen) ? [{ value: chosen, label: nameIn(names, chosen) }, ...all] : all;
}
