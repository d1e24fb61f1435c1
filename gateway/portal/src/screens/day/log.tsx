// Logging a drop-in: the class is tapped, one tap on a focus saves it. A line can follow, now or tonight.
import { create } from '@bufbuild/protobuf';
import { Button, Chip, Input, Textarea } from '@mantine/core';
import { useCallback, useEffect, useRef, useState } from 'react';
import { schoolOf } from '../../api/names';
import { useSession } from '../../app/auth';
import { useAnsweredThread, useOutbox, useRecorder } from '../../app/hooks';
import { nameIn, usePeople, useSubjects } from '../../app/queries';
import { useServices } from '../../app/services';
import { DropInSchema } from '../../gen/fivestrand/leadership/v1/visibility_pb';
import type { LeaderDay } from '../../gen/fivestrand/leadership/v1/visibility_service_pb';
import { clockOf, instantOf, toTimestamp, today, type Day } from '../../model/dates';
import { STRIP } from '../../model/day';
import type { OutboxItem } from '../../offline/item';
import { CheckIcon, UndoIcon, WaitingIcon } from '../../ui/icons';
import { Sheet } from '../../ui/sheet';
import { useToast } from '../../ui/toast';

const SAVED_WORDS = {
  confirmed: 'Saved',
  sending: 'Saved on this device, sending',
  waiting: 'Saved on this device, waiting to be sent',
  refused: 'Not accepted',
};

const LINE_KEY = 'drop-in line';

interface Line {
  item: string;
  wentWell: string;
  evenBetterIf: string;
}

// `value` is the id of a class, or `item-` and the id of a drop-in that was just logged or still waits.
export function LogSheet(props: { school: string; day: Day; data: LeaderDay; value: string | undefined; onClose: () => void }) {
  const { school, day, data, value, onClose } = props;
  const { person } = useSession();
  const recorder = useRecorder();
  const outbox = useOutbox();
  const toast = useToast();
  const people = usePeople();
  const [saved, setSaved] = useState<OutboxItem>();
  const name = value ? `${school}/classes/${value}` : '';
  const entry = data.classes.find((candidate) => candidate.schoolClass === name);
  const opened = value?.startsWith('item-') ? outbox.find((item) => item.id === value.slice(5)) : undefined;
  const item = saved ?? opened;
  const rescueLine = useRescuedLine();
  const improvementThread = useAnsweredThread();

  useEffect(() => {
    if (value === undefined) setSaved(undefined);
  }, [value]);
  useEffect(() => void rescueLine(), [rescueLine]);

  const save = async (focus: string, focusName: string) => {
    if (!entry) return;
    const at = day === today() ? new Date() : instantOf(day, STRIP[1]?.usual ?? '10:00');
    const dropIn = create(DropInSchema, {
      leader: person,
      schoolClass: entry.schoolClass,
      focus,
      startTime: toTimestamp(at),
      subject: entry.subjects.length === 1 ? entry.subjects[0] : '',
      teacher: entry.teachers.length === 1 ? entry.teachers[0] : '',
      improvementThread,
    });
    const label = ['Drop-in', entry.displayName, focusName, clockOf(at)].filter(Boolean).join(' · ');
    setSaved(await recorder.record(school, dropIn, label));
  };
  const undo = async () => {
    if (!item) return;
    onClose();
    const removal = await recorder.takeBack(item);
    toast({ text: 'Drop-in removed', action: removal && { label: 'Bring back', run: () => void recorder.bringBack(removal) } });
  };

  return (
    <Sheet
      opened={value !== undefined && (entry !== undefined || item !== undefined)}
      onClose={onClose}
      title={item ? 'Drop-in' : (entry?.displayName ?? '')}
    >
      {!item && entry && (
        <>
          <p className="log-about">
            {entry.teachers.map((teacher) => nameIn(people, teacher)).join(', ')}
            {entry.dropInCount > 0
              ? ` · ${entry.dropInCount} drop-${entry.dropInCount === 1 ? 'in' : 'ins'} this year`
              : ' · first this year'}
            {improvementThread && ' · answers an improvement thread'}
          </p>
          <h3 className="log-ask" id="focus-ask">
            What did you look at? One tap saves.
          </h3>
          <ul className="focus-list" aria-labelledby="focus-ask">
            {data.focuses.map((focus) => (
              <li key={focus.name}>
                <button
                  type="button"
                  className="focus-button"
                  title={focus.description || undefined}
                  onClick={() => void save(focus.name, focus.displayName)}
                >
                  {focus.displayName}
                </button>
              </li>
            ))}
            <li>
              <button type="button" className="focus-button" data-plain onClick={() => void save('', '')}>
                No particular focus
              </button>
            </li>
          </ul>
        </>
      )}
      {item && (
        <Saved
          item={outbox.find((other) => other.id === item.id) ?? item}
          subjects={data.classes.find((other) => other.schoolClass === item.record.schoolClass)?.subjects ?? []}
          onDone={onClose}
          onUndo={() => void undo()}
        />
      )}
    </Sheet>
  );
}

function Saved({ item, subjects, onDone, onUndo }: { item: OutboxItem; subjects: string[]; onDone: () => void; onUndo: () => void }) {
  const recorder = useRecorder();
  const { drafts } = useServices();
  const { person } = useSession();
  const text = (field: string) => (typeof item.record[field] === 'string' ? (item.record[field] as string) : '');
  const [line, setLine] = useState<Line>({ item: item.id, wentWell: text('wentWell'), evenBetterIf: text('evenBetterIf') });
  const [subject, setSubject] = useState(text('subject'));
  const names = useSubjects();
  const stored = useRef(line);
  const latest = useRef(line);
  latest.current = line;

  // Kept letter by letter as a draft, and added to the drop-in when one leaves, however one leaves.
  const commit = useCallback(async () => {
    const { wentWell, evenBetterIf } = latest.current;
    if (wentWell === stored.current.wentWell && evenBetterIf === stored.current.evenBetterIf) return;
    stored.current = latest.current;
    await recorder.add(item, { wentWell, evenBetterIf }, ['went_well', 'even_better_if']);
    await drafts.remove(person, LINE_KEY);
  }, [recorder, item, drafts, person]);
  const commitRef = useRef(commit);
  commitRef.current = commit;
  const dropped = useRef(false);
  useEffect(() => {
    const onHide = () => {
      if (document.visibilityState === 'hidden' && !dropped.current) void commitRef.current();
    };
    document.addEventListener('visibilitychange', onHide);
    return () => {
      document.removeEventListener('visibilitychange', onHide);
      if (!dropped.current) void commitRef.current();
    };
  }, []);
  const change = (fields: Partial<Line>) => {
    const next = { ...line, ...fields };
    setLine(next);
    void drafts.put(person, LINE_KEY, next);
  };

  return (
    <div className="saved">
      <p className="saved-note" role="status" data-state={item.state}>
        {item.state === 'waiting' && item.problem ? <WaitingIcon /> : <CheckIcon />}
        <span>
          <strong>{SAVED_WORDS[item.state === 'waiting' ? (item.problem ? 'waiting' : 'sending') : item.state]}</strong>
          <br />
          {item.label}
        </span>
      </p>
      {subjects.length > 1 && (
        <Input.Wrapper
          size="md"
          label="Subject"
          description="Optional. One tap, so that it counts in the coverage of subjects."
          labelElement="div"
          id="log-subject"
          mb="sm"
        >
          <Chip.Group
            value={subject}
            onChange={(chosen) => {
              setSubject(chosen);
              void recorder.add(item, { subject: chosen }, ['subject']);
            }}
          >
            <div className="chips" role="group" aria-labelledby="log-subject-label">
              {subjects.map((name) => (
                <Chip key={name} value={name} size="md">
                  {nameIn(names, name)}
                </Chip>
              ))}
            </div>
          </Chip.Group>
        </Input.Wrapper>
      )}
      <Textarea
        label="Went well"
        description="Optional. Type it or speak it with the keyboard’s microphone."
        value={line.wentWell}
        maxLength={4000}
        onChange={(event) => change({ wentWell: event.currentTarget.value })}
      />
      <Textarea
        label="Even better if"
        description="Optional"
        value={line.evenBetterIf}
        maxLength={4000}
        mt="sm"
        onChange={(event) => change({ evenBetterIf: event.currentTarget.value })}
      />
      <div className="sheet-actions">
        <Button
          variant="default"
          leftSection={<UndoIcon size={18} />}
          onClick={() => {
            dropped.current = true;
            void drafts.remove(person, LINE_KEY);
            onUndo();
          }}
        >
          Undo
        </Button>
        <Button onClick={() => void commit().then(onDone)}>Done</Button>
      </div>
    </div>
  );
}

// A line that was being typed when the tab was closed is added to its drop-in the next time.
function useRescuedLine(): () => Promise<void> {
  const { drafts, outbox } = useServices();
  const { person } = useSession();
  const recorder = useRecorder();
  return useCallback(async () => {
    const kept = await drafts.get<Line>(person, LINE_KEY);
    if (!kept) return;
    await drafts.remove(person, LINE_KEY);
    const item = await outbox.get(kept.value.item);
    if (!item || item.owner !== person || !schoolOf(item.parent)) return;
    await recorder.add(item, { wentWell: kept.value.wentWell, evenBetterIf: kept.value.evenBetterIf }, ['went_well', 'even_better_if']);
  }, [drafts, outbox, person, recorder]);
}
