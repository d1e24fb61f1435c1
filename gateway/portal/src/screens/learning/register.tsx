// The register of an event, date by date: kept by whoever leads it and by those who run professional development; again to correct it.
import { Button, NativeSelect } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newRequestId } from '../../api/ids';
import { nameIn, usePeople } from '../../app/queries';
import { useClient } from '../../app/services';
import { Attendance_Presence, type CpdEvent } from '../../gen/fivestrand/cpd/v1/learning_pb';
import { LearningService } from '../../gen/fivestrand/cpd/v1/learning_service_pb';
import { clockOf, dayOf, sayDay, toInstant } from '../../model/dates';
import { recordedAbsent } from '../../model/learning';
import { useAction } from '../../ui/action';
import { Empty, Loading, ProblemNote } from '../../ui/parts';
import { useToast } from '../../ui/toast';

const CHECK_IN_MS = 60 * 60_000;

export function Register({ event }: { event: CpdEvent }) {
  const client = useClient(LearningService);
  const queries = useQueryClient();
  const people = usePeople();
  const toast = useToast();
  const { run, busy, problem } = useAction();
  const now = Date.now();
  const startOf = (date: CpdEvent['dates'][number] | undefined) => toInstant(date?.startTime)?.getTime() ?? Infinity;
  // The date that is on, or was last.
  const latest = [...event.dates].reverse().find((date) => startOf(date) - CHECK_IN_MS <= now) ?? event.dates[0];
  const [dateId, setDateId] = useState(latest?.dateId ?? '');
  // What was ticked here, over what is recorded.
  const [ticked, setTicked] = useState<Record<string, boolean>>({});
  const query = useQuery({ queryKey: ['register', event.name], queryFn: ({ signal }) => client.readRegister({ event: event.name }, { signal }) });
  const bookings = query.data?.bookings ?? [];
  const begun = startOf(event.dates.find((date) => date.dateId === dateId)) - CHECK_IN_MS <= now;
  const isAbsent = (booking: (typeof bookings)[number]) => ticked[booking.name] ?? recordedAbsent(booking, dateId) ?? false;
  const recorded = bookings.some((booking) => recordedAbsent(booking, dateId) !== undefined);
  const record = () =>
    run(async () => {
      await client.recordAttendance({
        event: event.name,
        dateId,
        entries: bookings.map((booking) => ({ booking: booking.name, presence: isAbsent(booking) ? Attendance_Presence.ABSENT : Attendance_Presence.PRESENT })),
        requestId: newRequestId(),
      });
      setTicked({});
      await Promise.all(['register', 'events', 'event-bookings', 'learning-record'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
      toast({ text: 'The register is kept.' });
    });
  return (
    <div className="form">
      {problem}
      {query.isPending && <Loading lines={3} />}
      {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="The register" />}
      {event.dates.length > 1 && (
        <NativeSelect
          label="Date"
          value={dateId}
          data={event.dates.map((date) => {
            const start = toInstant(date.startTime) ?? new Date();
            return { value: date.dateId, label: `${sayDay(dayOf(start))} ${clockOf(start)}` };
          })}
          onChange={(change) => {
            setDateId(change.currentTarget.value);
            setTicked({});
          }}
        />
      )}
      {query.data && bookings.length === 0 && <Empty title="Nobody has a place yet" />}
      {bookings.length > 0 && (
        <table className="numbers">
          <caption>{bookings.length === 1 ? '1 place' : `${bookings.length} places`} taken. Tick who was not there.</caption>
          <tbody>
            {bookings.map((booking) => {
              const kept = recordedAbsent(booking, dateId);
              return (
                <tr key={booking.name}>
                  <th scope="row">
                    <label className="tick-label">
                      <input
                        type="checkbox"
                        className="tick"
                        checked={isAbsent(booking)}
                        disabled={!begun}
                        onChange={(change) => setTicked({ ...ticked, [booking.name]: change.currentTarget.checked })}
                      />{' '}
                      {nameIn(people, booking.person)}
                    </label>
                  </th>
                  <td>{kept === undefined ? 'not recorded' : kept ? 'not there' : 'there'}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {!begun && <p className="who-reads">The register opens an hour before it begins.</p>}
      <Button loading={busy} disabled={!begun || bookings.length === 0} onClick={() => void record()}>
        {recorded ? 'Correct the register' : 'Record attendance'}
      </Button>
    </div>
  );
}
