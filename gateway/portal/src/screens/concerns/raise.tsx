// Raising a concern by hand: where, about what, and what was seen.
import { create } from '@bufbuild/protobuf';
import { Button, NativeSelect, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { newRequestId } from '../../api/ids';
import { useSession } from '../../app/auth';
import { useDraft } from '../../app/hooks';
import { refetchFor } from '../../app/live';
import { useScoreboard } from '../../app/improvement-queries';
import { useServices } from '../../app/services';
import { ConcernSchema } from '../../gen/fivestrand/leadership/v1/improvement_pb';
import { mayAnswerConcerns, schoolsOf } from '../../model/roles';
import { useAction } from '../../ui/action';
import { Form } from '../../ui/form';
import { Sheet } from '../../ui/sheet';
import { useToast } from '../../ui/toast';

export function RaiseSheet({ opened, school, onClose }: { opened: boolean; school: string | undefined; onClose: () => void }) {
  return (
    <Sheet opened={opened} onClose={onClose} title="Raise a concern">
      {opened && <RaiseForm school={school} onClose={onClose} />}
    </Sheet>
  );
}

function RaiseForm({ school, onClose }: { school: string | undefined; onClose: () => void }) {
  const session = useSession();
  const { clients } = useServices();
  const queries = useQueryClient();
  const toast = useToast();
  const { run, busy, problem } = useAction();
  const schools = schoolsOf(session).filter(({ name }) => mayAnswerConcerns(session, name));
  const draft = useDraft('concern new', { school: school ?? schools[0]?.name ?? '', element: '', seen: '' });
  const { value } = draft;
  const board = useScoreboard(value.school || undefined);
  const strands = board.data?.model?.strands ?? [];
  const complete = value.school && value.element && value.seen.trim();
  return (
    <Form
      onSubmit={() => {
        if (!complete) return;
        void run(async () => {
          const concern = await clients.improvement.createConcern({
            parent: session.trust,
            concern: create(ConcernSchema, { school: value.school, element: value.element, seen: value.seen.trim() }),
            requestId: newRequestId(),
          });
          await draft.clear();
          refetchFor(queries, 'fivestrand/Concern', concern.name);
          onClose();
          toast({ text: 'Raised. Whoever is accountable sees it on top of their list.' });
        });
      }}
    >
      {problem}
      <NativeSelect
        label="School"
        value={value.school}
        data={schools.map(({ name, displayName }) => ({ value: name, label: displayName }))}
        onChange={(event) => draft.change({ school: event.currentTarget.value })}
      />
      <NativeSelect
        label="About"
        value={value.element}
        data={[
          { value: '', label: 'Choose an element' },
          ...strands.map(({ title, elements }) => ({
            group: title,
            items: elements.map(({ element, number, title: name }) => ({ value: element, label: `${number} ${name}` })),
          })),
        ]}
        onChange={(event) => draft.change({ element: event.currentTarget.value })}
      />
      <Textarea
        label="What did you see?"
        value={value.seen}
        minRows={3}
        maxLength={2000}
        onChange={(event) => draft.change({ seen: event.currentTarget.value })}
      />
      <p className="who-reads">Read by the person accountable, the headteacher, the executive headteacher, the CEO and those who answer it.</p>
      <Button type="submit" loading={busy} disabled={!complete}>
        Raise it
      </Button>
    </Form>
  );
}
