// The groups that a pupil belongs to, with their dates; for those who may: adding to one, ending it, and taking it back.
import { create } from '@bufbuild/protobuf';
import { FieldMaskSchema } from '@bufbuild/protobuf/wkt';
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newRequestId } from '../../api/ids';
import { idOf } from '../../api/names';
import { useSession } from '../../app/auth';
import { useParam } from '../../app/hooks';
import { useClient } from '../../app/services';
import { PupilService } from '../../gen/fivestrand/assessment/v1/pupil_service_pb';
import { GroupMembership_Group as Group, type GroupMembership } from '../../gen/fivestrand/assessment/v1/pupils_pb';
import { fromProtoDate, sayDay, toProtoDate, today } from '../../model/dates';
import { faultOf, GROUP_WORDS, holdsOn, isNeed, NEED_WORDS, sayDetail, writableGroups } from '../../model/groups';
import { useAction } from '../../ui/action';
import { Form } from '../../ui/form';
import { PenIcon, PlusIcon } from '../../ui/icons';
import { useRemoval } from '../../ui/removal';
import { Sheet } from '../../ui/sheet';
import { useToast } from '../../ui/toast';

interface Props {
  pupil: string;
  school: string;
  memberships: GroupMembership[];
  // Whether these are all, or only those that a teacher needs to know.
  all: boolean;
}

export function PupilGroups({ pupil, school, memberships, all }: Props) {
  const writable = writableGroups(useSession(), school);
  const opened = useParam('group');
  const membership = memberships.find(({ name }) => idOf(name) === opened.value);
  const now = today();
  const current = memberships.filter((each) => holdsOn(each, now));
  const others = memberships.filter((each) => !holdsOn(each, now));
  if (memberships.length === 0 && writable.length === 0) return null;
  const list = (some: GroupMembership[], past: boolean) => (
    <ul className="group-list">
      {some.map((each) => (
        <li key={each.name} data-past={past || undefined}>
          <span>
            <strong>{GROUP_WORDS[each.group]}</strong>
            {each.detail && ` (${sayDetail(each)})`} <small>{sayDates(each)}</small>
          </span>
          {writable.includes(each.group) && (
            <button type="button" className="icon-button" aria-label={`Change ${GROUP_WORDS[each.group]}, ${sayDates(each)}`} onClick={() => opened.open(idOf(each.name))}>
              <PenIcon size={18} />
            </button>
          )}
        </li>
      ))}
    </ul>
  );
  return (
    <section aria-labelledby="groups-title">
      <h2 id="groups-title" className="section-title">
        Groups
      </h2>
      {current.length === 0 && <p className="as-of">None at present.</p>}
      {list(current, false)}
      {others.length > 0 && (
        <>
          <h3 className="record-day">Before, or still to come</h3>
          {list(others, true)}
        </>
      )}
      {!all && <p className="as-of">Only the groups that those who teach this pupil need to know are shown.</p>}
      {writable.length > 0 && (
        <Button variant="default" leftSection={<PlusIcon size={18} />} onClick={() => opened.open('new')}>
          Add to a group
        </Button>
      )}
      <Sheet
        opened={opened.value === 'new' || membership !== undefined}
        onClose={opened.close}
        title={membership ? GROUP_WORDS[membership.group] : 'Add to a group'}
      >
        {opened.value === 'new' && <AddForm pupil={pupil} groups={writable} memberships={memberships} onDone={opened.close} />}
        {membership && writable.includes(membership.group) && <ChangeForm key={membership.etag} membership={membership} onDone={opened.close} />}
      </Sheet>
    </section>
  );
}

function sayDates(membership: GroupMembership): string {
  const from = fromProtoDate(membership.startDate);
  const to = fromProtoDate(membership.endDate);
  if (!from) return to ? `until ${sayDay(to)}` : '';
  return to ? `${sayDay(from)} to ${sayDay(to)}` : `from ${sayDay(from)}`;
}

function useRefetch() {
  const queries = useQueryClient();
  return () => Promise.all(['pupil', 'analysis'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
}

function AddForm({ pupil, groups, memberships, onDone }: { pupil: string; groups: Group[]; memberships: GroupMembership[]; onDone: () => void }) {
  const client = useClient(PupilService);
  const toast = useToast();
  const refetch = useRefetch();
  const { run, busy, problem } = useAction();
  const [group, setGroup] = useState(groups.includes(Group.SEN_SUPPORT) ? Group.SEN_SUPPORT : (groups[0] ?? Group.GROUP_UNSPECIFIED));
  const [detail, setDetail] = useState('');
  const [start, setStart] = useState(today());
  const [end, setEnd] = useState('');
  const detailOf = isNeed(group) || group === Group.ETHNICITY ? detail : '';
  const fault = faultOf(group, detailOf, start, end, memberships);
  const remove = async (name: string) => {
    await client.deleteGroupMembership({ name, requestId: newRequestId() });
    await refetch();
  };
  return (
    <Form
      noValidate
      onSubmit={() => {
        if (fault) return;
        void run(async () => {
          const made = await client.createGroupMembership({
            parent: pupil,
            groupMembership: { group, detail: detailOf, startDate: toProtoDate(start), endDate: end ? toProtoDate(end) : undefined },
            requestId: newRequestId(),
          });
          await refetch();
          onDone();
          toast({ text: `Added: ${GROUP_WORDS[group]}`, action: { label: 'Undo', run: () => remove(made.name) } });
        });
      }}
    >
      {problem}
      <NativeSelect
        label="Group"
        value={String(group)}
        data={groups.map((each) => ({ value: String(each), label: GROUP_WORDS[each] }))}
        onChange={(event) => {
          setGroup(Number(event.currentTarget.value));
          setDetail('');
        }}
      />
      {isNeed(group) && (
        <NativeSelect
          label="Type of need"
          value={detail}
          data={[{ value: '', label: 'Not said' }, ...Object.entries(NEED_WORDS).map(([value, label]) => ({ value, label: `${label} (${value})` }))]}
          onChange={(event) => setDetail(event.currentTarget.value)}
        />
      )}
      {group === Group.ETHNICITY && (
        <TextInput label="Code of the ethnicity" description="As the DfE has it, for example WBRI" maxLength={5} value={detail} onChange={(event) => setDetail(event.currentTarget.value.toUpperCase())} />
      )}
      <div className="form-pair">
        <TextInput label="First day" type="date" required value={start} onChange={(event) => setStart(event.currentTarget.value)} />
        <TextInput label="Last day" description="Empty while it holds" type="date" value={end} onChange={(event) => setEnd(event.currentTarget.value)} />
      </div>
      {fault && (
        <p className="overdue" role="status">
          {fault}.
        </p>
      )}
      <p className="who-reads">Encrypted where it is kept. Read by those who lead on needs, the headteacher and the data lead; needs and care also by who teaches the pupil.</p>
      <Button type="submit" loading={busy} disabled={Boolean(fault)}>
        Add
      </Button>
    </Form>
  );
}

// Its dates, and removing what was never right.
function ChangeForm({ membership, onDone }: { membership: GroupMembership; onDone: () => void }) {
  const client = useClient(PupilService);
  const toast = useToast();
  const removeWithUndo = useRemoval();
  const refetch = useRefetch();
  const { run, busy, problem } = useAction();
  const before = { start: fromProtoDate(membership.startDate) ?? '', end: fromProtoDate(membership.endDate) ?? '' };
  const [start, setStart] = useState(before.start);
  // Who opens it most often ends it; what is still to come cannot end yet.
  const [end, setEnd] = useState(before.end || (before.start <= today() ? today() : ''));
  const name = GROUP_WORDS[membership.group];
  const wrong = end !== '' && end < start;
  const set = async (dates: { start: string; end: string }) => {
    await client.updateGroupMembership({
      groupMembership: { name: membership.name, startDate: toProtoDate(dates.start), endDate: dates.end ? toProtoDate(dates.end) : undefined },
      updateMask: create(FieldMaskSchema, { paths: ['start_date', 'end_date'] }),
      requestId: newRequestId(),
    });
    await refetch();
  };
  const save = () =>
    run(async () => {
      await set({ start, end });
      onDone();
      toast({ text: end ? `${name} ends on ${sayDay(end)}` : `${name} holds without an end`, action: { label: 'Undo', run: () => set(before) } });
    });
  const remove = () =>
    run(async () => {
      await removeWithUndo({
        text: `Removed: ${name}`,
        remove: () => client.deleteGroupMembership({ name: membership.name, requestId: newRequestId() }),
        bringBack: () => client.undeleteGroupMembership({ name: membership.name, requestId: newRequestId() }),
        refetch,
      });
      onDone();
    });
  return (
    <Form
      noValidate
      onSubmit={() => {
        if (!wrong && start) void save();
      }}
    >
      {problem}
      <p className="as-of">
        {[sayDetail(membership), sayDates(membership)].filter(Boolean).join(', ')}
      </p>
      <div className="form-pair">
        <TextInput label="First day" type="date" required value={start} onChange={(event) => setStart(event.currentTarget.value)} />
        <TextInput
          label="Last day"
          description="Empty while it holds"
          type="date"
          value={end}
          error={wrong ? 'Must not be before the first day' : undefined}
          onChange={(event) => setEnd(event.currentTarget.value)}
        />
      </div>
      <Button type="submit" loading={busy} disabled={wrong || !start || (start === before.start && end === before.end)}>
        {end && !before.end ? 'End it' : 'Save'}
      </Button>
      <Button variant="subtle" color="red" loading={busy} onClick={() => void remove()}>
        Remove: it was never right
      </Button>
    </Form>
  );
}
