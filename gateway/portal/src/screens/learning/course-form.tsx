// A course of the catalogue: added, changed, and taken out with a way back.
import { create } from '@bufbuild/protobuf';
import { Button, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newRequestId } from '../../api/ids';
import { useSession } from '../../app/auth';
import { useClient } from '../../app/services';
import { Course_Kind, CourseSchema, type Course } from '../../gen/fivestrand/cpd/v1/learning_pb';
import { LearningService } from '../../gen/fivestrand/cpd/v1/learning_service_pb';
import { useAction } from '../../ui/action';
import { Form } from '../../ui/form';
import { useRemoval } from '../../ui/removal';
import { WordSelect } from '../../ui/word-select';

export const COURSE_KINDS: Record<Course_Kind, string> = {
  [Course_Kind.KIND_UNSPECIFIED]: '',
  [Course_Kind.WORKSHOP]: 'Workshop',
  [Course_Kind.PROGRAMME]: 'Programme',
  [Course_Kind.CONFERENCE]: 'Conference',
  [Course_Kind.ONLINE]: 'Online',
  [Course_Kind.VISIT]: 'Visit to colleagues',
  [Course_Kind.QUALIFICATION]: 'Qualification',
  [Course_Kind.NETWORK]: 'Network',
};

export function CourseForm({ course, onDone }: { course?: Course; onDone: () => void }) {
  const { trust } = useSession();
  const client = useClient(LearningService);
  const queries = useQueryClient();
  const removeWithUndo = useRemoval();
  const { run, busy, problem } = useAction();
  const [title, setTitle] = useState(course?.title ?? '');
  const [kind, setKind] = useState(course?.kind ?? Course_Kind.WORKSHOP);
  const [provider, setProvider] = useState(course?.provider ?? '');
  const [description, setDescription] = useState(course?.description ?? '');
  const refetch = () => queries.invalidateQueries({ queryKey: ['courses'] });
  const save = () =>
    run(async () => {
      const fields = { title: title.trim(), kind, provider: provider.trim(), description: description.trim() };
      if (course) {
        await client.updateCourse({
          course: create(CourseSchema, { name: course.name, etag: course.etag, ...fields }),
          updateMask: { paths: ['title', 'kind', 'provider', 'description'] },
          requestId: newRequestId(),
        });
      } else {
        await client.createCourse({ parent: trust, course: create(CourseSchema, fields), requestId: newRequestId() });
      }
      await refetch();
      onDone();
    });
  const remove = (gone: Course) =>
    run(async () => {
      await removeWithUndo({
        text: `“${gone.title}” is out of the catalogue.`,
        remove: () => client.deleteCourse({ name: gone.name, etag: gone.etag, requestId: newRequestId() }),
        bringBack: ({ name, etag }) => client.undeleteCourse({ name, etag, requestId: newRequestId() }),
        refetch,
      });
      onDone();
    });
  return (
    <Form
      onSubmit={() => {
        if (title.trim()) void save();
      }}
    >
      {problem}
      <TextInput label="Title" maxLength={160} required value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
      <WordSelect label="Kind" words={COURSE_KINDS} value={kind} onChange={setKind} />
      <TextInput label="Given by" maxLength={120} value={provider} onChange={(event) => setProvider(event.currentTarget.value)} />
      <Textarea label="What it is about" maxLength={4000} minRows={3} value={description} onChange={(event) => setDescription(event.currentTarget.value)} />
      <Button type="submit" loading={busy} disabled={!title.trim()}>
        {course ? 'Keep it' : 'Add to the catalogue'}
      </Button>
      {course && (
        <>
          <p className="who-reads">Its events keep their own titles, and stay when the course is taken out.</p>
          <Button variant="default" loading={busy} onClick={() => void remove(course)}>
            Take it out of the catalogue
          </Button>
        </>
      )}
    </Form>
  );
}
