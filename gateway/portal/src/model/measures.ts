// Figures of the model, arranged for reading.
import { Direction, Unit, type Measure, type MeasureSummary, type Reading } from '../gen/fivestrand/evidence/v1/evidence_pb';
import { fromProtoDate, saySpan, type Day } from './dates';

export interface ElementFigures {
  number: string;
  title: string;
  summaries: MeasureSummary[];
}

// By element, in the order of the model's numbers.
export function byElement(summaries: MeasureSummary[]): ElementFigures[] {
  const elements = new Map<string, ElementFigures>();
  for (const summary of summaries) {
    const { measure } = summary;
    if (!measure) continue;
    const element = elements.get(measure.elementNumber) ?? { number: measure.elementNumber, title: measure.elementTitle, summaries: [] };
    element.summaries.push(summary);
    elements.set(measure.elementNumber, element);
  }
  return [...elements.values()].sort((a, b) => a.number.localeCompare(b.number, 'en', { numeric: true }));
}

export interface Point {
  label: string;
  span: string;
  value: number | undefined;
  reading: Reading;
}

export function pointsOf(trend: Reading[], now: Day): Point[] {
  return trend.map((reading) => {
    const from = fromProtoDate(reading.period?.startDate);
    const to = fromProtoDate(reading.period?.endDate);
    return { label: reading.period?.label ?? '', span: from && to ? saySpan(from, to, now) : '', value: reading.value, reading };
  });
}

// With fewer points than this a line would suggest a trend that nobody can know.
const FEWEST_FOR_LINE = 4;

// Bars for shares and counts of a period, which begin at zero; a line for a duration, which is a level. Few points: no line.
export function chartKind(measure: Measure, points: Point[]): 'bar' | 'line' | 'points' {
  if (measure.unit === Unit.SHARE || measure.unit === Unit.COUNT) return 'bar';
  return points.filter((point) => point.value !== undefined).length >= FEWEST_FOR_LINE ? 'line' : 'points';
}

// Orders schools by a measure, best or worst first; those without a value come last either way.
export function compareValues(a: number | undefined, b: number | undefined, ascending: boolean): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  return ascending ? a - b : b - a;
}

export function worstFirstAscending(measure: Measure): boolean {
  return measure.direction !== Direction.LOWER_IS_BETTER;
}
