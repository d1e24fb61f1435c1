// What happened to the measure: its line over the time of the thread with the band shaded, then and now, and similar pupils beside it.
import { useSubjects, nameIn } from '../../app/queries';
import { Direction } from '../../gen/fivestrand/evidence/v1/evidence_pb';
import { Outcome } from '../../gen/fivestrand/leadership/v1/improvement_pb';
import type { Comparison, ThreadEffect } from '../../gen/fivestrand/leadership/v1/improvement_service_pb';
import type { Date as ProtoDate } from '../../gen/google/type/date_pb';
import { fromProtoDate, sayDay } from '../../model/dates';
import { sayAgreed } from '../../model/model-words';
import { sayComparison } from '../../model/effects';
import { OUTCOME_WORDS, sayCut, sayTarget, sayValue } from '../../model/words';
import { xOf, type Span } from './lanes';
import { ReadingsTable } from './readings';

const WIDTH = 800;
const HEIGHT = 150;

export function EffectSection({ effect, span, firstResponse }: { effect: ThreadEffect; span: Span; firstResponse: ProtoDate | undefined }) {
  const subjects = useSubjects();
  const { measure } = effect;
  if (!measure) return null;
  const began = fromProtoDate(firstResponse);
  const cut = sayCut(effect.cut, (subject) => nameIn(subjects, subject));
  return (
    <section className="effect" aria-label={`Effect: ${measure.title}`}>
      <h2 className="section-title">
        {measure.title}
        {cut && <small className="tile-part">{cut}</small>}
      </h2>
      <dl className="then-now">
        <div>
          <dt>Before</dt>
          <dd>{effect.before === undefined ? '–' : sayValue(effect.before, measure.unit)}</dd>
        </div>
        <div>
          <dt>After</dt>
          <dd>{effect.after === undefined ? '–' : sayValue(effect.after, measure.unit)}</dd>
        </div>
        <div>
          <dt>While these were done it</dt>
          <dd>{sayOutcome(effect.outcome)}</dd>
        </div>
      </dl>
      <p className="as-of">
        {sayTarget(measure)}. {sayAgreed(measure) && `${sayAgreed(measure)}. `}
        {measure.formula} {began && `First response: ${sayDay(began)}.`}
      </p>
      <MeasureLine effect={effect} span={span} began={began} />
      {effect.comparison && <Compared comparison={effect.comparison} />}
      <ReadingsTable readings={effect.readings} measure={measure} caption="Final readings." />
    </section>
  );
}

function sayOutcome(outcome: Outcome): string {
  switch (outcome) {
    case Outcome.IMPROVED:
      return 'moved towards its target';
    case Outcome.WORSE:
      return 'moved away from its target';
    case Outcome.UNCHANGED:
      return 'did not move';
    default:
      return OUTCOME_WORDS[Outcome.TOO_EARLY].toLowerCase();
  }
}

function MeasureLine({ effect, span, began }: { effect: ThreadEffect; span: Span; began: string | undefined }) {
  const { measure, readings } = effect;
  const points = readings.flatMap((reading) => {
    const day = fromProtoDate(reading.period?.endDate);
    return day && reading.value !== undefined ? [{ day, value: reading.value }] : [];
  });
  if (!measure || points.length < 2) return null;
  const values = [...points.map(({ value }) => value), measure.target, measure.amber, measure.red];
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values) || 1;
  const y = (value: number) => 8 + (1 - (value - low) / (high - low || 1)) * (HEIGHT - 16);
  // The green band: on the better side of the amber limit.
  const inside =
    measure.direction === Direction.LOWER_IS_BETTER
      ? [low, measure.amber]
      : measure.direction === Direction.ZERO_IS_BETTER
        ? [-Math.abs(measure.amber), Math.abs(measure.amber)]
        : [measure.amber, high];
  const top = y(Math.min(high, inside[1] ?? high));
  const bottom = y(Math.max(low, inside[0] ?? low));
  return (
    <div className="grid-scroll lanes-scroll" tabIndex={0} role="region" aria-label="The measure over time">
      <svg className="lanes" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label="The measure over the time of the thread; the table below has the numbers">
        <rect x="0" width={WIDTH} y={top} height={Math.max(0, bottom - top)} className="band-shade" />
        {began && <line x1={xOf(began, span)} x2={xOf(began, span)} y1="0" y2={HEIGHT} className="lane-now" />}
        <polyline points={points.map(({ day, value }) => `${xOf(day, span)},${y(value)}`).join(' ')} className="effect-line" />
        {points.map(({ day, value }, index) => (
          <circle key={index} cx={xOf(day, span)} cy={y(value)} r="5" className="effect-dot" />
        ))}
      </svg>
    </div>
  );
}

function Compared({ comparison }: { comparison: Comparison }) {
  const { finding, figures } = sayComparison(comparison);
  return (
    <p className="compared">
      {finding} <small>{figures}</small>
    </p>
  );
}
