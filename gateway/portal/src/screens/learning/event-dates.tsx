// When and where an event is, as entries of a list of facts.
import type { CpdEvent } from '../../gen/fivestrand/cpd/v1/learning_pb';
import { clockOf, dayOf, sayDay, toInstant } from '../../model/dates';

export function EventDates({ event }: { event: CpdEvent }) {
  return event.dates.map((date) => {
    const from = toInstant(date.startTime);
    const to = toInstant(date.endTime);
    return (
      <div key={date.dateId}>
        <dt>{from && sayDay(dayOf(from))}</dt>
        <dd>
          {from && clockOf(from)} to {to && clockOf(to)}
          {date.place && `, ${date.place}`}
        </dd>
      </div>
    );
  });
}
