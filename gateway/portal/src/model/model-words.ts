// The words of the improvement model: what an element and a measure are held to.
import { Direction, Unit, type Measure } from '../gen/fivestrand/evidence/v1/evidence_pb';
import { Cadence, type ModelElement } from '../gen/fivestrand/leadership/v1/model_pb';
import { fromProtoDate, sayDay } from './dates';
import { STAGE_WORDS, sayValue } from './words';

export const CADENCE_WORDS: Record<Cadence, string> = {
  [Cadence.CADENCE_UNSPECIFIED]: '',
  [Cadence.DAILY]: 'Daily',
  [Cadence.WEEKLY]: 'Weekly',
  [Cadence.FORTNIGHTLY]: 'Fortnightly',
  [Cadence.MONTHLY]: 'Monthly',
  [Cadence.HALF_TERMLY]: 'Every half term',
  [Cadence.TERMLY]: 'Every term',
  [Cadence.TWICE_A_YEAR]: 'Twice a year',
  [Cadence.SIX_TIMES_A_YEAR]: 'Six times a year',
  [Cadence.ANNUALLY]: 'Once a year',
};

export const OWNER_WORDS: Record<string, string> = {
  leadership: 'Leadership',
  cpd: 'Professional learning',
  assessment: 'Assessment',
  welfare: 'Wellbeing',
};

export type Limit = 'target' | 'amber' | 'red' | 'delta';

export const LIMIT_WORDS: Record<Limit, string> = { target: 'Target', amber: 'Watch', red: 'Needs action', delta: 'Counts as a change' };

// Where a limit begins: `at least 90 %`, `under 60 %`, `over 14 days`, `beyond 5 pp`.
export function sayLimit(limit: Limit, value: number, { direction, unit }: Pick<Measure, 'direction' | 'unit'>): string {
  const zero = direction === Direction.ZERO_IS_BETTER;
  // What belongs together stays on one line.
  const text = sayValue(value, unit).replace(/^\+/, '').replace(/ /g, '\u00a0');
  if (limit === 'delta') return value === 0 ? 'any' : `from ${unit === Unit.SHARE ? text.replace('%', 'points') : text}`;
  if (limit === 'target') {
    if (zero) return value === 0 ? 'no gap' : `within ${text}`;
    return direction === Direction.LOWER_IS_BETTER ? `at most ${text}` : `at least ${text}`;
  }
  if (zero) return `beyond ${text}`;
  return direction === Direction.LOWER_IS_BETTER ? `over ${text}` : `under ${text}`;
}

// What an element does not have as the default has it, as `Stage: Emerging`; empty text where the default has nothing.
export function differencesOf(element: ModelElement, standard: ModelElement | undefined): { what: string; standard: string }[] {
  if (!standard) return [];
  const pairs: [string, string, string][] = [
    ['Title', element.title, standard.title],
    ['Stage', STAGE_WORDS[element.stage], STAGE_WORDS[standard.stage]],
    ['Rhythm', CADENCE_WORDS[element.cadence], CADENCE_WORDS[standard.cadence]],
    ['In the trust’s words', element.statement, standard.statement],
  ];
  return pairs.filter(([, now, before]) => now !== before).map(([what, , before]) => ({ what, standard: before }));
}

// Whether anything of it, its measures among it, is the trust's own.
export function differs(element: ModelElement, standard: ModelElement | undefined): boolean {
  return (
    differencesOf(element, standard).length > 0 ||
    element.measures.some(({ target, amber, red, delta, muted }) => muted || [target, amber, red, delta].some((value) => value !== undefined))
  );
}

// Why a school is held to another target than its trust, and until when. Empty when it is not.
export function sayAgreed(measure: Measure): string {
  const until = fromProtoDate(measure.agreed?.endDate);
  if (!measure.agreed || !until) return '';
  return `The school’s own target until ${sayDay(until)}, instead of ${sayLimit('target', measure.agreed.trustTarget, measure)}: ${measure.agreed.reason}`;
}
