// Names for the parts of the improvement model, so that a conflict, an earlier revision and a refusal say what they are about.
import type { Measure } from '../gen/fivestrand/evidence/v1/evidence_pb';
import type { ImprovementModel } from '../gen/fivestrand/leadership/v1/model_pb';
import { sayDay } from './dates';
import { agreedOf, changedKeys, elementsOf, fieldsOf, numberOf, type Fields, type Measures } from './model-edits';
import { CADENCE_WORDS, LIMIT_WORDS, sayLimit, type Limit } from './model-words';
import { STAGE_WORDS } from './words';

export interface Names {
  model: ImprovementModel;
  measures: Measures;
  school: (name: string) => string;
}

const ELEMENT_PARTS: Record<string, string> = { stage: 'stage', cadence: 'rhythm', statement: 'in the trust’s words' };

export function measureTitle({ measures }: Pick<Names, 'measures'>, measure: string): string {
  return measures.get(measure)?.title ?? measure;
}

// `2.14 Coaching: stage`, `Days with a drop-in: target`, `Northgate, days with a drop-in`.
export function labelOf(key: string, names: Names, text = ''): string {
  const kind = key.slice(0, key.indexOf(':'));
  const of = key.slice(kind.length + 1);
  if (kind === 'agreed') {
    const agreed = agreedOf(text);
    const [school = '', measure = ''] = agreed ? [agreed.school, agreed.measure] : of.split(' ');
    return [names.school(school), measureTitle(names, measure)].filter(Boolean).join(', ');
  }
  const part = ELEMENT_PARTS[kind];
  if (part) {
    const element = elementsOf(names.model).find((one) => one.element === of);
    return `${element ? `${element.number} ${element.title}` : of}: ${part}`;
  }
  return `${measureTitle(names, of)}: ${kind === 'muted' ? 'concerns by rule' : LIMIT_WORDS[kind as Limit].toLowerCase()}`;
}

// A limit as it was typed: where it begins, or the text itself while it is no number.
export function sayTyped(limit: Limit, text: string, measure: Measure | undefined): string {
  const value = numberOf(text, measure?.unit);
  return measure && value !== undefined && !Number.isNaN(value) ? sayLimit(limit, value, measure) : text;
}

// The value of a field, as people say it.
export function sayField(key: string, text: string, names: Names): string {
  const kind = key.slice(0, key.indexOf(':'));
  const of = key.slice(kind.length + 1);
  switch (kind) {
    case 'stage':
      return STAGE_WORDS[Number(text) as keyof typeof STAGE_WORDS] ?? '';
    case 'cadence':
      return CADENCE_WORDS[Number(text) as keyof typeof CADENCE_WORDS] ?? '';
    case 'statement':
      return text;
    case 'muted':
      return text ? 'raises none' : 'raises concerns';
    case 'agreed':
      return sayAgreedText(text, names);
    default:
      return sayTyped(kind as Limit, text, names.measures.get(of)) || 'the default';
  }
}

function sayAgreedText(text: string, names: Names): string {
  const agreed = agreedOf(text);
  if (!agreed) return 'taken out';
  const days = [agreed.start, agreed.end].filter(Boolean).map((day) => sayDay(day));
  return [sayTyped('target', agreed.target, names.measures.get(agreed.measure)), days.join(' to '), agreed.reason].filter(Boolean).join(' · ');
}

// What a revision changed from the one before, by name.
export function changesBetween(before: ImprovementModel, after: ImprovementModel, names: Names): string[] {
  const was: Fields = fieldsOf(before, names.measures);
  const is: Fields = fieldsOf(after, names.measures);
  const changes = changedKeys(was, is).map((key) => labelOf(key, names, is[key] || was[key]));
  if (before.title !== after.title) changes.unshift('The title');
  return [...new Set(changes)];
}

// Where in the model a refusal points: `Northgate, days with a drop-in, end`. Empty when it is about all of it.
export function placeOf(path: string, sent: ImprovementModel, names: Names): string {
  const agreed = /agreed_targets\[(\d+)\](?:\.(\w+))?/.exec(path);
  if (agreed) {
    const target = sent.agreedTargets[Number(agreed[1])];
    if (!target) return '';
    const part = { start_date: 'from', end_date: 'until', target: 'target', reason: 'why', school: 'school', amber: 'watch', red: 'needs action' }[
      agreed[2] ?? ''
    ];
    return [target.school && names.school(target.school), measureTitle(names, target.measure), part].filter(Boolean).join(', ');
  }
  const found = /strands\[(\d+)\]\.elements\[(\d+)\](?:\.measures\[(\d+)\])?(?:\.(\w+))?/.exec(path);
  const element = found && sent.strands[Number(found[1])]?.elements[Number(found[2])];
  if (!found || !element) return '';
  const setting = found[3] === undefined ? undefined : element.measures[Number(found[3])];
  return setting ? measureTitle(names, setting.measure) : `${element.number} ${element.title}`;
}
