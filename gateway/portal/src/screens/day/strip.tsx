// The day's commitments by the bell. One tap records a duty now; a tap on what is done shows its record.
import { create } from '@bufbuild/protobuf';
import { useSession } from '../../app/auth';
import { useParam, useRecorder } from '../../app/hooks';
import { Duty_Kind, DutySchema } from '../../gen/fivestrand/leadership/v1/visibility_pb';
import { Beat_Kind, Beat_Status, type LeaderDay } from '../../gen/fivestrand/leadership/v1/visibility_service_pb';
import { clockOf, dayOf, instantOf, sayAgo, toInstant, toTimestamp, today, type Day } from '../../model/dates';
import { isSchoolDay, markOf, nextUp, removedNames, STRIP, type Mark } from '../../model/day';
import { BEAT_WORDS, DUTY_WORDS, STATUS_WORDS } from '../../model/words';
import type { OutboxItem } from '../../offline/item';
import { BreakIcon, DoorIcon, GateIcon } from '../../ui/icons';
import { BeatMark } from '../../ui/parts';
import { useToast } from '../../ui/toast';

const ICONS: Partial<Record<Beat_Kind, typeof GateIcon>> = {
  [Beat_Kind.GATE_START]: GateIcon,
  [Beat_Kind.DROP_IN]: DoorIcon,
  [Beat_Kind.BREAK_DUTY]: BreakIcon,
  [Beat_Kind.GATE_END]: GateIcon,
};

export function Strip(props: { school: string; day: Day; data: LeaderDay; outbox: OutboxItem[]; now: Date; onDropIn: () => void }) {
  const { school, day, data, outbox, now } = props;
  const record = useRecordDuty(school);
  const sheet = useParam('record');
  const removed = removedNames(outbox);
  const marks = new Map(STRIP.map(({ kind }) => [kind, markOf(data, kind, day, outbox)]));
  const isToday = day === today(now);
  const next = isToday && isSchoolDay(data.day) ? nextUp(marks, clockOf(now)) : undefined;

  return (
    <section aria-labelledby="strip-title" className="strip-section">
      <div className="strip-head">
        <h2 id="strip-title" className="section-title">
          By the bell
        </h2>
        <button
          type="button"
          className="text-button"
          onClick={() => void record(Duty_Kind.LUNCH, isToday ? new Date() : instantOf(day, '12:30'))}
        >
          Record a lunch duty
        </button>
      </div>
      <ol className="strip">
        {STRIP.map(({ kind, duty, usual }) => {
          const mark = marks.get(kind) as Mark;
          const done = mark.status === Beat_Status.HELD || mark.waiting || mark.count > 0;
          const Icon = ICONS[kind] ?? DoorIcon;
          const existing = data.duties.filter((entry) => entry.kind === duty && !removed.has(entry.name)).at(-1);
          const state = stateOf(kind, mark, existing && toInstant(existing.startTime));
          return (
            <li key={kind}>
              <button
                type="button"
                className="beat"
                data-state={done ? 'done' : Beat_Status[mark.status]}
                data-next={next === kind || undefined}
                data-kind={Beat_Kind[kind]}
                onClick={() => {
                  if (!duty) props.onDropIn();
                  else if (existing) sheet.open(`duties/${existing.name.split('/').at(-1)}`);
                  else if (!mark.waiting) void record(duty, isToday ? new Date() : instantOf(day, usual));
                }}
              >
                <span className="beat-top">
                  <Icon size={20} />
                  <span className="beat-name">{BEAT_WORDS[kind]}</span>
                  <BeatMark status={done ? Beat_Status.HELD : mark.status} waiting={mark.waiting} />
                </span>
                <span className="beat-state">
                  {state}
                  {next === kind && ' now'}
                  {!done && <span className="beat-do">{duty ? 'record' : 'pick a class'}</span>}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

// What a commitment's state is in words; `at` is when its record was made.
function stateOf(kind: Beat_Kind, mark: Mark, at: Date | undefined): string {
  if (mark.waiting) return 'waiting';
  if (kind === Beat_Kind.DROP_IN && mark.count > 0) return `${mark.count} done`;
  if (mark.status === Beat_Status.HELD || mark.count > 0) return at ? `done ${clockOf(at)}` : 'done';
  return STATUS_WORDS[mark.status] || 'not recorded';
}

// Records a duty and offers to undo it.
function useRecordDuty(school: string) {
  const recorder = useRecorder();
  const toast = useToast();
  const { person } = useSession();
  return async (kind: Duty_Kind, at: Date) => {
    const label = `${DUTY_WORDS[kind]} · ${dayOf(at) === today() ? clockOf(at) : `${sayAgo(dayOf(at))} ${clockOf(at)}`}`;
    const item = await recorder.record(school, create(DutySchema, { leader: person, kind, startTime: toTimestamp(at) }), label);
    toast({ text: `Recorded: ${label}`, action: { label: 'Undo', run: () => void recorder.takeBack(item) } });
  };
}
