// What is recorded: the day, and the week when asked. What waits on the device stands among the rest, and says so.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { idOf } from '../../api/names';
import { useRecorder } from '../../app/hooks';
import { nameIn, useClasses, useOwnWeek, usePeople, useSubjects } from '../../app/queries';
import type { LeaderDay } from '../../gen/fivestrand/leadership/v1/visibility_service_pb';
import { clockOf, dayOf, mondayOf, sayDay, type Day } from '../../model/dates';
import { dayOfItem, recordsOf, removedNames, waitingRecords, type DayRecord } from '../../model/day';
import { DUTY_WORDS } from '../../model/words';
import type { OutboxItem, RecordType } from '../../offline/item';
import { BreakIcon, ChevronIcon, DoorIcon, LessonIcon, UndoIcon, VisitIcon, WaitingIcon } from '../../ui/icons';
import { Empty, Loading, ProblemNote } from '../../ui/parts';
import { useToast } from '../../ui/toast';

export const COLLECTIONS: Record<RecordType, string> = {
  dropIn: 'dropIns',
  duty: 'duties',
  modelledLesson: 'modelledLessons',
  visit: 'visits',
};
export const TYPE_ICONS: Record<RecordType, typeof DoorIcon> = {
  dropIn: DoorIcon,
  duty: BreakIcon,
  modelledLesson: LessonIcon,
  visit: VisitIcon,
};

interface Props {
  school: string;
  day: Day;
  current: Day;
  data: LeaderDay;
  outbox: OutboxItem[];
  // Whether the person records duties.
  duties: boolean;
  // With the name below the school, for example `dropIns/x`.
  onOpen: (record: string) => void;
  onOpenItem: (id: string) => void;
}

export function DayRecords(props: Props) {
  const { day, current, data, outbox } = props;
  const [week, setWeek] = useState(false);
  const removed = removedNames(outbox);
  const waiting = waitingRecords(outbox)
    .filter((item) => item.parent === props.school && dayOfItem(item) === day)
    .reverse();
  const records = recordsOf(data, removed);
  return (
    <section aria-labelledby="records-title" className="records">
      <h2 id="records-title" className="section-title">
        {day === current ? 'Recorded today' : 'Recorded that day'}
      </h2>
      {records.length + waiting.length === 0 && (
        <Empty title="Nothing yet">
          {props.duties ? 'One tap above records a duty; three record a drop-in.' : 'Three taps record a drop-in.'}
        </Empty>
      )}
      <ul className="record-list">
        {waiting.map((item) => (
          <WaitingRow key={item.id} item={item} onOpen={props.onOpenItem} />
        ))}
        {records.map((entry) => (
          <RecordRow key={entry.record.name} entry={entry} {...props} />
        ))}
      </ul>
      {!week && (
        <button type="button" className="text-button" onClick={() => setWeek(true)}>
          The whole week
        </button>
      )}
      {week && <WeekRecords {...props} removed={removed} />}
    </section>
  );
}

function WeekRecords(props: Props & { removed: Set<string> }) {
  const query = useOwnWeek(props.school, mondayOf(props.day));
  const records = recordsOf(query.data, props.removed).filter(({ at }) => dayOf(at) !== props.day);
  const days = [...new Set(records.map(({ at }) => dayOf(at)))];
  return (
    <>
      {query.isPending && <Loading lines={3} />}
      {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="The week" />}
      {query.data && records.length === 0 && <Empty title="Nothing on the other days of this week" />}
      {days.map((day) => (
        <div key={day}>
          <h3 className="record-day">{sayDay(day, props.current)}</h3>
          <ul className="record-list">
            {records
              .filter(({ at }) => dayOf(at) === day)
              .map((entry) => (
                <RecordRow key={entry.record.name} entry={entry} {...props} />
              ))}
          </ul>
        </div>
      ))}
    </>
  );
}

function WaitingRow({ item, onOpen }: { item: OutboxItem; onOpen: (id: string) => void }) {
  const recorder = useRecorder();
  const toast = useToast();
  const [what, ...rest] = item.label.split(' · ');
  const time = item.record.startTime;
  return (
    <li className="record" data-waiting>
      <button type="button" className="record-open" disabled={item.type !== 'dropIn'} onClick={() => onOpen(item.id)}>
        <WaitingIcon size={20} />
        <span className="record-time">{typeof time === 'string' ? clockOf(new Date(time)) : ''}</span>
        <span className="record-what">
          <strong>{what}</strong> {rest.slice(0, -1).join(' · ')}
          <small>waiting to be sent</small>
        </span>
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={`Undo ${item.label}`}
        onClick={() =>
          void recorder.takeBack(item).then((removal) =>
            toast({
              text: `Removed: ${item.label}`,
              action: removal && { label: 'Bring back', run: () => void recorder.bringBack(removal) },
            }),
          )
        }
      >
        <UndoIcon size={20} />
      </button>
    </li>
  );
}

function RecordRow({ entry, school, onOpen }: Props & { entry: DayRecord }) {
  const recorder = useRecorder();
  const toast = useToast();
  const queries = useQueryClient();
  const describe = useDescribe(school);
  const { what, detail } = describe(entry);
  const Icon = TYPE_ICONS[entry.type];
  const remove = async () => {
    const removal = await recorder.remove(entry.type, entry.record.name, `${what}${detail ? ` · ${detail}` : ''}`);
    toast({
      text: `Removed: ${what}`,
      action: {
        label: 'Undo',
        run: () => void recorder.bringBack(removal).then(() => queries.invalidateQueries({ queryKey: ['day', school] })),
      },
    });
  };
  return (
    <li className="record">
      <button type="button" className="record-open" onClick={() => onOpen(`${COLLECTIONS[entry.type]}/${idOf(entry.record.name)}`)}>
        <Icon size={20} />
        <span className="record-time">{clockOf(entry.at)}</span>
        <span className="record-what">
          <strong>{what}</strong>
          <small>{[detail, noteOf(entry)].filter(Boolean).join(' · ')}</small>
        </span>
        <ChevronIcon size={18} className="record-chevron" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={`Remove ${what} ${detail}, ${clockOf(entry.at)}`}
        onClick={() => void remove()}
      >
        <UndoIcon size={20} />
      </button>
    </li>
  );
}

function noteOf({ type, record }: DayRecord): string {
  if (type === 'dropIn') return record.wentWell || record.evenBetterIf;
  if (type === 'duty') return record.note;
  return record.whatWasModelled;
}

// Says what a record is, in the names that people use.
export function useDescribe(school: string): (entry: DayRecord) => { what: string; detail: string } {
  const classes = useClasses(school);
  const subjects = useSubjects();
  const people = usePeople();
  return ({ type, record }) => {
    if (type === 'duty') return { what: DUTY_WORDS[record.kind], detail: '' };
    const name = nameIn(classes, record.schoolClass);
    const parts = [
      record.subject && nameIn(subjects, record.subject),
      type === 'dropIn' && record.teacher && nameIn(people, record.teacher),
    ];
    return { what: type === 'dropIn' ? `Drop-in ${name}` : `Modelled lesson ${name}`, detail: parts.filter(Boolean).join(' · ') };
  };
}
