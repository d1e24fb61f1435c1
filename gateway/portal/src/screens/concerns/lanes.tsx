// Responses as lanes by strand on one time axis, with the same as a table.
import { useSession } from '../../app/auth';
import { useScoreboard } from '../../app/improvement-queries';
import { daysBetween, fromProtoDate, sayDay, today, type Day } from '../../model/dates';
import type { Lane } from '../../model/concerns';
import { TableHead } from '../../ui/parts';

const WIDTH = 800;
const LANE = 26;
const LABEL = 16;

export interface Span {
  from: Day;
  to: Day;
}

export function xOf(day: Day, span: Span): number {
  return (daysBetween(span.from, day) / Math.max(1, daysBetween(span.from, span.to))) * WIDTH;
}

export function Lanes({ lanes, span }: { lanes: Lane[]; span: Span }) {
  const { trust } = useSession();
  const strands = useScoreboard(trust).data?.model?.strands ?? [];
  // What is confidential comes without its strand.
  const titleOf = (strand: string) => strands.find((one) => one.strand === strand)?.title ?? strand.replaceAll('-', ' ');
  let top = 0;
  const placed = lanes.map((lane) => {
    const at = top;
    top += LABEL + lane.bars.length * LANE + 8;
    return { lane, at };
  });
  return (
    <>
      <div className="grid-scroll lanes-scroll" tabIndex={0} role="region" aria-label="Responses over time">
        <svg className="lanes" viewBox={`0 0 ${WIDTH} ${top + 18}`} role="img" aria-label="Responses by strand; the table below has the same">
          <line x1={xOf(today(), span)} x2={xOf(today(), span)} y1="0" y2={top} className="lane-now" />
          {placed.map(({ lane, at }) => (
            <g key={lane.strand}>
              <text x="0" y={at + 12} className="lane-title">
                {titleOf(lane.strand)}
              </text>
              {lane.bars.map(({ response, from, to, planned }, index) => {
                const x = xOf(from, span);
                const width = Math.max(10, xOf(to, span) - x);
                const y = at + LABEL + index * LANE + 4;
                return (
                  <g key={index}>
                    <rect
                      x={x}
                      y={y}
                      width={width}
                      height={LANE - 10}
                      rx="5"
                      className="lane-bar"
                      data-planned={planned || undefined}
                      data-withdrawn={response.withdrawn || undefined}
                    />
                    <text x={Math.min(x + width + 6, WIDTH - 150)} y={y + 12} className="lane-label">
                      {response.label}
                      {planned ? ' (planned)' : ''}
                      {response.withdrawn ? ' (withdrawn)' : ''}
                    </text>
                  </g>
                );
              })}
            </g>
          ))}
          <text x="0" y={top + 14} className="lane-label">
            {sayDay(span.from)}
          </text>
          <text x={WIDTH} y={top + 14} textAnchor="end" className="lane-label">
            {sayDay(span.to)}
          </text>
        </svg>
      </div>
      <table className="numbers">
        <caption>Responses, by strand.</caption>
        <TableHead left={['What', 'Strand', 'Began', 'Done']} />
        <tbody>
          {lanes.flatMap(({ strand, bars }) =>
            bars.map(({ response, planned }, index) => {
              const started = fromProtoDate(response.startDate) ?? fromProtoDate(response.plannedDate);
              const done = fromProtoDate(response.doneDate);
              return (
                <tr key={strand + index}>
                  <th scope="row">{response.label}</th>
                  <td>{titleOf(strand) || '–'}</td>
                  <td>
                    {planned ? 'planned ' : ''}
                    {started && sayDay(started)}
                  </td>
                  <td>{response.withdrawn ? 'withdrawn' : done ? sayDay(done) : '–'}</td>
                </tr>
              );
            }),
          )}
        </tbody>
      </table>
    </>
  );
}
