// Recording a modelled lesson: a lesson that the leader taught for others to watch.
import { create } from '@bufbuild/protobuf';
import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useSession } from '../../app/auth';
import { useDraft, useRecorder } from '../../app/hooks';
import { nameIn, usePeople, useSubjects } from '../../app/queries';
import { ModelledLessonSchema } from '../../gen/fivestrand/leadership/v1/visibility_pb';
import type { LeaderDay } from '../../gen/fivestrand/leadership/v1/visibility_service_pb';
import { clockOf, instantOf, toTimestamp, today, type Day } from '../../model/dates';
import { Form } from '../../ui/form';
import { PeoplePicker } from '../../ui/people-picker';
import { Sheet } from '../../ui/sheet';
import { useToast } from '../../ui/toast';

interface Form {
  schoolClass: string;
  subject: string;
  focus: string;
  observers: string[];
  whatWasModelled: string;
  clock: string;
}

const BLANK: Form = { schoolClass: '', subject: '', focus: '', observers: [], whatWasModelled: '', clock: '' };

export function LessonSheet(props: { school: string; day: Day; data: LeaderDay; opened: boolean; onClose: () => void }) {
  return (
    <Sheet opened={props.opened} onClose={props.onClose} title="Modelled lesson">
      {props.opened && <LessonForm {...props} />}
    </Sheet>
  );
}

function LessonForm({ school, day, data, onClose }: { school: string; day: Day; data: LeaderDay; onClose: () => void }) {
  const { person } = useSession();
  const recorder = useRecorder();
  const toast = useToast();
  const people = usePeople();
  const subjects = useSubjects();
  const draft = useDraft<Form>(`lesson ${school} ${day}`, BLANK);
  const [wrong, setWrong] = useState(false);
  const { value, change } = draft;
  const entry = data.classes.find((candidate) => candidate.schoolClass === value.schoolClass);
  const clock = value.clock || (day === today() ? clockOf(new Date()) : '10:00');

  const save = async () => {
    if (!entry) {
      setWrong(true);
      document.getElementById('lesson-class')?.focus();
      return;
    }
    const lesson = create(ModelledLessonSchema, {
      leader: person,
      schoolClass: entry.schoolClass,
      focus: value.focus,
      observers: value.observers,
      whatWasModelled: value.whatWasModelled.trim(),
      subject: value.subject || (entry.subjects.length === 1 ? entry.subjects[0] : ''),
      startTime: toTimestamp(instantOf(day, clock)),
    });
    const item = await recorder.record(school, lesson, `Modelled lesson · ${entry.displayName} · ${clock}`);
    await draft.clear();
    onClose();
    toast({ text: `Recorded: modelled lesson, ${entry.displayName}`, action: { label: 'Undo', run: () => void recorder.takeBack(item) } });
  };

  return (
    <Form
      noValidate
      onSubmit={() => void save()}
    >
      {draft.restored && (
        <p className="restored" role="status">
          What you typed before is back.{' '}
          <button type="button" className="text-button" onClick={() => change(BLANK)}>
            Start afresh
          </button>
        </p>
      )}
      <NativeSelect
        id="lesson-class"
        label="Class"
        required
        withAsterisk={false}
        value={value.schoolClass}
        error={wrong && !entry ? 'Choose the class that you taught' : undefined}
        data={[
          { value: '', label: 'Choose a class' },
          ...byName(data).map((other) => ({ value: other.schoolClass, label: other.displayName })),
        ]}
        onChange={(event) => change({ schoolClass: event.currentTarget.value, subject: '' })}
      />
      {entry && entry.subjects.length > 1 && (
        <NativeSelect
          label="Subject"
          value={value.subject}
          onChange={(event) => change({ subject: event.currentTarget.value })}
          data={[
            { value: '', label: 'Not one in particular' },
            ...entry.subjects.map((name) => ({ value: name, label: nameIn(subjects, name) })),
          ]}
        />
      )}
      <NativeSelect
        label="Focus"
        value={value.focus}
        onChange={(event) => change({ focus: event.currentTarget.value })}
        data={[
          { value: '', label: 'No particular focus' },
          ...data.focuses.map((focus) => ({ value: focus.name, label: focus.displayName })),
        ]}
      />
      <TextInput type="time" label="Began at" value={clock} onChange={(event) => change({ clock: event.currentTarget.value })} />
      <PeoplePicker label="Who watched" people={people} value={value.observers} onChange={(observers) => change({ observers })} most={60} />
      <Textarea
        label="What you modelled"
        description="Optional"
        value={value.whatWasModelled}
        maxLength={2000}
        onChange={(event) => change({ whatWasModelled: event.currentTarget.value })}
      />
      <div className="sheet-actions">
        <Button variant="default" onClick={onClose}>
          Later
        </Button>
        <Button type="submit">Save</Button>
      </div>
    </Form>
  );
}

function byName(data: LeaderDay) {
  return [...data.classes].sort((a, b) => a.yearGroup - b.yearGroup || a.displayName.localeCompare(b.displayName, 'en', { numeric: true }));
}
