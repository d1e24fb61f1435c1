// Readings as a table: the numbers behind a line, and what a screen reader reads.
import type { Measure, Reading } from '../../gen/fivestrand/evidence/v1/evidence_pb';
import { Unit } from '../../gen/fivestrand/evidence/v1/evidence_pb';
import { fromProtoDate, saySpan } from '../../model/dates';
import { NO_VALUE, sayValue } from '../../model/words';
import { BandBadge } from '../../ui/parts';

// A concern keeps its readings without the measure; the name of a share's measure is not needed to read its value.
export function ReadingsTable({ readings, caption, measure }: { readings: Reading[]; caption: string; measure?: Measure }) {
  const unitOf = (reading: Reading) => measure?.unit ?? (reading.denominator > 0 ? Unit.SHARE : Unit.COUNT);
  return (
    <table className="numbers">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Period</th>
          <th scope="col" className="right">
            Figure
          </th>
          <th scope="col">Band</th>
        </tr>
      </thead>
      <tbody>
        {readings.map((reading, index) => {
          const from = fromProtoDate(reading.period?.startDate);
          const to = fromProtoDate(reading.period?.endDate);
          return (
            <tr key={index}>
              <th scope="row">
                {reading.period?.label} {from && to && <small>{saySpan(from, to)}</small>}
              </th>
              <td className="right">
                {reading.value === undefined ? NO_VALUE[reading.noValueReason].title : sayValue(reading.value, unitOf(reading))}
              </td>
              <td>
                <BandBadge band={reading.band} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
