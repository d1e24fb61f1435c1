// A leader's day in one school: what is due by the bell, the classes least lately seen, how the week stands, and what is recorded.
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { idOf } from '../../api/names';
import { useSession } from '../../app/auth';
import { useNow, useOnce, useOnline, useOutbox, useParam } from '../../app/hooks';
import { useDay } from '../../app/queries';
import { addDays, daysBetween, sayAgo, sayDayAndWeek, sayWhen, today, type Day } from '../../model/dates';
import { isSchoolDay, orderClasses } from '../../model/day';
import { mayRecordDuties } from '../../model/roles';
import { DAY_WORDS } from '../../model/words';
import { BackIcon, ChevronIcon, LessonIcon } from '../../ui/icons';
import { Loading, PageHead, ProblemNote } from '../../ui/parts';
import { ClassList } from './classes';
import { LogSheet } from './log';
import { DayRecords } from './records';
import { Strip } from './strip';
import { WeekMarks } from './week';

// Not needed for the ten seconds, so not in the way of them.
const RecordSheet = lazy(() => import('../record/sheet').then((module) => ({ default: module.RecordSheet })));
const LessonSheet = lazy(() => import('./lesson').then((module) => ({ default: module.LessonSheet })));

export function DayScreen({ school }: { school: string }) {
  const duties = mayRecordDuties(useSession(), school);
  const now = useNow();
  const online = useOnline();
  const date = useParam('date');
  const log = useParam('log');
  const lesson = useParam('lesson');
  const record = useParam('record');
  const lessonUsed = useOnce(lesson.value !== undefined);
  const recordUsed = useOnce(record.value !== undefined);
  const current = today(now);
  const day: Day = /^\d{4}-\d{2}-\d{2}$/.test(date.value ?? '') && (date.value as Day) <= current ? (date.value as Day) : current;
  const query = useDay(school, day);
  const outbox = useOutbox();
  const data = query.data;

  const ordered = useMemo(() => orderClasses(data?.classes ?? [], outbox), [data, outbox]);
  const classes = useSteadyOrder(ordered, log.value === undefined);
  const title =
    daysBetween(day, current) <= 1 ? sayAgo(day, current).replace(/^./, (letter) => letter.toUpperCase()) : sayAgo(day, current);
  const why = data?.day && !isSchoolDay(data.day) ? DAY_WORDS[data.day.kind] : '';
  const open = (target: Day) => (target === current ? date.close() : date.open(target));

  return (
    <>
      <PageHead
        title={title}
        actions={
          <div className="day-turn">
            <button type="button" className="icon-button" aria-label="The day before" onClick={() => open(addDays(day, -1))}>
              <BackIcon />
            </button>
            <button
              type="button"
              className="icon-button"
              aria-label="The day after"
              disabled={day === current}
              onClick={() => open(addDays(day, 1))}
            >
              <ChevronIcon />
            </button>
          </div>
        }
      >
        {sayDayAndWeek(day, data?.day?.schoolWeek ?? 0, current)}
        {why && (
          <span className="day-why">
            {' '}
            · {why}
            {data?.day?.note ? ` (${data.day.note})` : ''}: nothing is due
          </span>
        )}
      </PageHead>

      {query.isError && data && !online && (
        <p className="as-of">As it was {sayWhen(new Date(query.dataUpdatedAt), now)}, with what you have recorded since.</p>
      )}
      {query.isError && (!data || online) && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="Your day" />}
      {!data && query.isPending && <Loading lines={6} label="Loading your day" />}

      {data && (
        <div className="day">
          {duties && (
            <Strip
              school={school}
              day={day}
              data={data}
              outbox={outbox}
              now={now}
              onDropIn={() => document.getElementById('drop-in')?.focus()}
            />
          )}
          <ClassList classes={classes} now={current} onPick={(name) => log.open(idOf(name))} />
          <div className="day-side">
            <WeekMarks data={data} outbox={outbox} day={day} current={current} duties={duties} />
            <button type="button" className="row-button" onClick={() => lesson.open('new')}>
              <LessonIcon />{' '}
              <span>
                <strong>Record a modelled lesson</strong>
                <small>You taught, others watched</small>
              </span>{' '}
              <ChevronIcon />
            </button>
            <DayRecords
              school={school}
              day={day}
              current={current}
              data={data}
              outbox={outbox}
              duties={duties}
              onOpen={record.open}
              onOpenItem={(id) => log.open(`item-${id}`)}
            />
          </div>
          <LogSheet school={school} day={day} data={data} value={log.value} onClose={log.close} />
          {lessonUsed && (
            <Suspense>
              <LessonSheet school={school} day={day} data={data} opened={lesson.value !== undefined} onClose={lesson.close} />
            </Suspense>
          )}
        </div>
      )}
      {recordUsed && (
        <Suspense>
          <RecordSheet name={record.value ? `${school}/${record.value}` : undefined} onClose={record.close} />
        </Suspense>
      )}
    </>
  );
}

// Keeps the order of what is on the screen while somebody may be about to tap it: new orders are taken only after one's own recording.
function useSteadyOrder<T extends { schoolClass: string }>(items: T[], idle: boolean): T[] {
  const [order, setOrder] = useState<string[]>([]);
  const [wasIdle, setWasIdle] = useState(idle);
  const fresh = items.map((item) => item.schoolClass);
  const sameMembers = order.length === fresh.length && new Set([...order, ...fresh]).size === fresh.length;
  useEffect(() => {
    if (!sameMembers || (idle && !wasIdle)) setOrder(fresh);
    setWasIdle(idle);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [idle, sameMembers, fresh.join(' ')]);
  if (!sameMembers) return items;
  const place = new Map(order.map((name, index) => [name, index]));
  return [...items].sort((a, b) => (place.get(a.schoolClass) ?? 0) - (place.get(b.schoolClass) ?? 0));
}
