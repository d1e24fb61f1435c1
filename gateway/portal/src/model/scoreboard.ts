// The scoreboard, arranged for reading: strands with their elements, and of each element the figure that says most.
import { Band, type MeasureSummary } from '../gen/fivestrand/evidence/v1/evidence_pb';
import type { ElementStanding, Scoreboard, ScoreboardColumn } from '../gen/fivestrand/leadership/v1/improvement_service_pb';
import type { ModelElement, Strand } from '../gen/fivestrand/leadership/v1/model_pb';

export interface StrandColumn {
  strand: Strand;
  elements: { element: ModelElement; standing: ElementStanding | undefined }[];
}

// The strands of a model with the standings of one column, in the order of the model.
export function strandsOf(scoreboard: Scoreboard, column: ScoreboardColumn | undefined): StrandColumn[] {
  const standings = new Map((column?.elements ?? []).map((standing) => [standing.element, standing]));
  return (scoreboard.model?.strands ?? []).map((strand) => ({
    strand,
    elements: strand.elements.map((element) => ({ element, standing: standings.get(element.element) })),
  }));
}

const URGENCY: Record<Band, number> = { [Band.RED]: 3, [Band.AMBER]: 2, [Band.GREEN]: 1, [Band.BAND_UNSPECIFIED]: 0 };

// Whether `a` asks for more attention than `b`.
export function isWorse(a: Band, b: Band): boolean {
  return URGENCY[a] > Math.max(URGENCY[b], URGENCY[Band.GREEN]);
}

// The measure that stands for the element: the worst that has a figure for the whole scope, or the first of all.
export function headline(standing: ElementStanding | undefined): MeasureSummary | undefined {
  const measures = standing?.measures ?? [];
  const whole = measures.filter(({ latest }) => latest?.value !== undefined);
  return [...whole].sort((a, b) => URGENCY[b.latest?.band ?? 0] - URGENCY[a.latest?.band ?? 0])[0] ?? measures[0];
}

// Orders schools by an element: what needs action first, then by the number of open concerns, then what has no figure.
export function compareStandings(a: ElementStanding | undefined, b: ElementStanding | undefined): number {
  const urgency = (standing: ElementStanding | undefined) => URGENCY[standing?.band ?? Band.BAND_UNSPECIFIED];
  return urgency(b) - urgency(a) || (b?.openConcerns ?? 0) - (a?.openConcerns ?? 0);
}

// How many elements of a column need action, are to be watched, or are on course.
export function tally(column: ScoreboardColumn): Record<'red' | 'amber' | 'green' | 'none', number> {
  const counts = { red: 0, amber: 0, green: 0, none: 0 };
  for (const { band } of column.elements) {
    if (band === Band.RED) counts.red += 1;
    else if (band === Band.AMBER) counts.amber += 1;
    else if (band === Band.GREEN) counts.green += 1;
    else counts.none += 1;
  }
  return counts;
}
