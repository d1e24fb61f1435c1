// What happened to the measures of a thread, in words that claim no cause.
import type { Comparison, ThreadEffect } from '../gen/fivestrand/leadership/v1/improvement_service_pb';

// Two concerns about the same figures of the same place have one effect to look at: each series once, in the order given.
export function oncePerSeries(effects: ThreadEffect[]): ThreadEffect[] {
  const seen = new Set<string>();
  return effects.filter((effect) => {
    const { measure, cut, readings } = effect;
    const scope = readings[0]?.scope ?? effect.concern;
    const key = [scope, measure?.measure, cut?.subject, cut?.yearGroup, cut?.group, cut?.schoolClass, cut?.person].join(' ');
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

// As fine as is worth saying: two places below one.
function amount(value: number): string {
  return Math.abs(value) < 1 ? Math.abs(value).toFixed(2) : Math.abs(value).toFixed(1);
}

function change(value: number): string {
  const text = amount(value);
  if (Number(text) === 0) return '0';
  return `${text} ${value > 0 ? 'more' : 'less'}`;
}

export interface ComparisonWords {
  // The finding, and the figures that it rests on.
  finding: string;
  figures: string;
}

// Changes are in points of the scale that the results are on, whatever the measure counts.
export function sayComparison(comparison: Comparison): ComparisonWords {
  const who = 'similar pupils of the trust, of the same year and prior attainment, who were not part of it';
  if (comparison.tooFew || comparison.difference === undefined) {
    return { finding: `Beside ${who}: too few to say.`, figures: 'Under twenty pupils on one side.' };
  }
  const { difference, lower, upper } = comparison;
  const finding =
    lower > 0
      ? `Results rose more, or fell less, than those of ${who}.`
      : upper < 0
        ? `Results rose less, or fell more, than those of ${who}.`
        : `No difference can be told from ${who}.`;
  return {
    finding,
    figures: `The thread’s pupils changed by ${change(difference)}, in points of the scale; 95 % interval ${change(lower)} to ${change(upper)}. ${Number(comparison.concerned)} pupils beside ${Number(comparison.compared)}.`,
  };
}
