// How the week stands: a small mark for each commitment and day, a shape and a word each, and the tally in words.
import { VisuallyHidden } from '@mantine/core';
import { Beat_Kind, type LeaderDay } from '../../gen/fivestrand/leadership/v1/visibility_service_pb';
import { fromProtoDate, sayDay, sayWeekday, type Day } from '../../model/dates';
import { isSchoolDay, markOf, STRIP, weekTally } from '../../model/day';
import { BEAT_WORDS, DAY_WORDS, STATUS_WORDS } from '../../model/words';
import type { OutboxItem } from '../../offline/item';
import { BeatMark } from '../../ui/parts';

export function WeekMarks({
  data,
  outbox,
  day,
  current,
  duties,
}: {
  data: LeaderDay;
  outbox: OutboxItem[];
  day: Day;
  current: Day;
  duties: boolean;
}) {
  const days = data.week
    .map((entry) => ({ entry, date: fromProtoDate(entry.date) ?? '' }))
    .filter(({ entry, date }, index) => index < 5 || isSchoolDay(entry) || date === day);
  if (days.length === 0) return null;
  const lessons = data.beats.find((beat) => beat.kind === Beat_Kind.MODELLED_LESSON);
  return (
    <section aria-labelledby="week-title" className="week">
      <h2 id="week-title" className="section-title">
        {data.week.some(({ date }) => fromProtoDate(date) === current) ? 'This week' : 'That week'}
      </h2>
      <table className="week-table">
        <thead>
          <tr>
            <td />
            {days.map(({ date }) => (
              <th key={date} scope="col" aria-current={date === day ? 'date' : undefined}>
                <span aria-hidden="true">{sayWeekday(date)}</span>
                <VisuallyHidden>{sayDay(date, current)}</VisuallyHidden>
              </th>
            ))}
            <th scope="col" className="week-tally-head">
              Kept
            </th>
          </tr>
        </thead>
        <tbody>
          {STRIP.filter(({ duty }) => duties || !duty).map(({ kind }) => {
            const marks = days.map(({ date }) => markOf(data, kind, date, outbox));
            const { kept, of } = weekTally(marks.filter((_, index) => (days[index]?.date ?? '') <= current));
            return (
              <tr key={kind}>
                <th scope="row">{BEAT_WORDS[kind]}</th>
                {marks.map((mark, index) => {
                  const { entry, date } = days[index] as (typeof days)[number];
                  const word = mark.waiting
                    ? 'recorded, waiting to be sent'
                    : isSchoolDay(entry)
                      ? STATUS_WORDS[mark.status] || 'not due'
                      : DAY_WORDS[entry.kind] || 'not due';
                  return (
                    <td key={date} data-today={date === day || undefined}>
                      <BeatMark status={mark.status} waiting={mark.waiting} />
                      <VisuallyHidden>{word}</VisuallyHidden>
                    </td>
                  );
                })}
                <td className="week-tally">{of > 0 ? `${kept} of ${of}` : '–'}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="legend" aria-hidden="true">
        <LegendMark status={1} word="done" />
        <LegendMark status={2} word="due" />
        <LegendMark status={3} word="missed" />
        <LegendMark status={4} word="not due" />
      </p>
      {lessons && (
        <p className="week-lessons">
          <BeatMark status={lessons.status} /> Modelled lesson this half term:{' '}
          {lessons.count > 0 ? `${lessons.count} taught` : STATUS_WORDS[lessons.status]}
        </p>
      )}
    </section>
  );
}

function LegendMark({ status, word }: { status: number; word: string }) {
  return (
    <span>
      <BeatMark status={status} size={16} /> {word}
    </span>
  );
}
