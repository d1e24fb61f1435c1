// Changing the improvement model: its fields as flat texts, what one has typed over them, and what somebody else saved meanwhile.
import { clone, create } from '@bufbuild/protobuf';
import { Unit, type Measure } from '../gen/fivestrand/evidence/v1/evidence_pb';
import {
  AgreedTargetSchema,
  ImprovementModelSchema,
  MeasureSettingSchema,
  type AgreedTarget,
  type ImprovementModel,
  type MeasureSetting,
  type ModelElement,
} from '../gen/fivestrand/leadership/v1/model_pb';
import { fromProtoDate, toProtoDate } from './dates';

// By `kind:of what`: `stage:coaching`, `target:coaching.active-cycles`, `agreed:{school} {measure} {start}`. Empty: the default, or none.
export type Fields = Record<string, string>;

// Only what one has changed, and what each of these was when one changed it.
export interface Edits {
  mine: Fields;
  base: Fields;
}

export const NO_EDITS: Edits = { mine: {}, base: {} };

export type Measures = ReadonlyMap<string, Measure>;

export interface Agreed {
  school: string;
  measure: string;
  target: string;
  amber: string;
  red: string;
  reason: string;
  start: string;
  end: string;
}

const LIMITS = ['target', 'amber', 'red', 'delta'] as const;

// A number as one types it: a share in per cent.
export function textOf(value: number | undefined, unit: Unit | undefined): string {
  if (value === undefined) return '';
  return String(unit === Unit.SHARE ? Number((value * 100).toPrecision(12)) : value);
}

// Undefined for nothing; NaN for what is no number, which the service refuses by name. A comma before three digits parts thousands.
export function numberOf(text: string, unit: Unit | undefined): number | undefined {
  const plain = text.trim().replace(/\s*%$/, '').replace(/([1-9]\d{0,2}),(?=\d{3}(,|\.|$))/g, '$1').replace(',', '.').replace('−', '-');
  if (plain === '') return undefined;
  const value = Number(plain);
  return unit === Unit.SHARE ? Number((value / 100).toPrecision(12)) : value;
}

export function elementsOf(model: ImprovementModel): ModelElement[] {
  return model.strands.flatMap(({ elements }) => elements);
}

export function agreedOf(text: string): Agreed | undefined {
  return text === '' ? undefined : (JSON.parse(text) as Agreed);
}

export function agreedText(agreed: Agreed): string {
  const { school, measure, target, amber, red, reason, start, end } = agreed;
  return JSON.stringify({ school, measure, target, amber, red, reason, start, end });
}

function agreedKey({ school, measure, startDate }: AgreedTarget): string {
  return `agreed:${school} ${measure} ${fromProtoDate(startDate) ?? ''}`;
}

export function fieldsOf(model: ImprovementModel, measures: Measures): Fields {
  const fields: Fields = {};
  const put = (key: string, value: string) => {
    if (value !== '') fields[key] = value;
  };
  for (const element of elementsOf(model)) {
    put(`stage:${element.element}`, element.stage ? String(element.stage) : '');
    put(`cadence:${element.element}`, element.cadence ? String(element.cadence) : '');
    put(`statement:${element.element}`, element.statement);
    for (const setting of element.measures) {
      for (const limit of LIMITS) put(`${limit}:${setting.measure}`, textOf(setting[limit], measures.get(setting.measure)?.unit));
      put(`muted:${setting.measure}`, setting.muted ? 'yes' : '');
    }
  }
  for (const agreed of model.agreedTargets) {
    const unit = measures.get(agreed.measure)?.unit;
    put(
      agreedKey(agreed),
      agreedText({
        school: agreed.school,
        measure: agreed.measure,
        target: textOf(agreed.target, unit),
        amber: textOf(agreed.amber, unit),
        red: textOf(agreed.red, unit),
        reason: agreed.reason,
        start: fromProtoDate(agreed.startDate) ?? '',
        end: fromProtoDate(agreed.endDate) ?? '',
      }),
    );
  }
  return fields;
}

// What one sees: the model as it is now, under what one has typed.
export function shownFields(current: Fields, edits: Edits): Fields {
  return { ...current, ...edits.mine };
}

export function changeField(edits: Edits, current: Fields, key: string, value: string): Edits {
  const mine = { ...edits.mine };
  const base = { ...edits.base };
  base[key] ??= current[key] ?? '';
  mine[key] = value;
  if (value === (current[key] ?? '')) {
    delete mine[key];
    delete base[key];
  }
  return { mine, base };
}

export interface ModelConflict {
  key: string;
  mine: string;
  theirs: string;
}

// Fields that somebody else changed, differently, since one began.
export function conflictsOf(edits: Edits, current: Fields): ModelConflict[] {
  return Object.entries(edits.mine)
    .map(([key, mine]) => ({ key, mine, theirs: current[key] ?? '' }))
    .filter(({ key, mine, theirs }) => theirs !== edits.base[key] && theirs !== mine);
}

export function keepMine(edits: Edits, current: Fields, key: string): Edits {
  return { mine: edits.mine, base: { ...edits.base, [key]: current[key] ?? '' } };
}

export function takeTheirs(edits: Edits, key: string): Edits {
  const { [key]: _mine, ...mine } = edits.mine;
  const { [key]: _base, ...base } = edits.base;
  return { mine, base };
}

// Fields in which two states differ.
export function changedKeys(before: Fields, after: Fields): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => (before[key] ?? '') !== (after[key] ?? ''));
}

// The model with these fields; what is not among them stays as it is.
export function withFields(model: ImprovementModel, fields: Fields, measures: Measures): ImprovementModel {
  const next = clone(ImprovementModelSchema, model);
  for (const element of elementsOf(next)) {
    element.stage = Number(fields[`stage:${element.element}`] ?? 0);
    element.cadence = Number(fields[`cadence:${element.element}`] ?? 0);
    element.statement = fields[`statement:${element.element}`] ?? '';
    element.measures = settingsOf(element, fields, measures);
  }
  const held = new Map(model.agreedTargets.map((agreed) => [agreedKey(agreed), agreed]));
  next.agreedTargets = Object.entries(fields).flatMap(([key, text]) => {
    const agreed = key.startsWith('agreed:') ? agreedOf(text) : undefined;
    return agreed ? [agreedWith(agreed, held.get(key), measures)] : [];
  });
  return next;
}

// A number that nobody touched stays what it was to the last digit.
function numberWith(text: string, was: number | undefined, unit: Unit | undefined): number | undefined {
  return was !== undefined && text === textOf(was, unit) ? was : numberOf(text, unit);
}

function settingsOf(element: ModelElement, fields: Fields, measures: Measures): MeasureSetting[] {
  const held = new Map(element.measures.map((setting) => [setting.measure, setting]));
  const names = new Set(held.keys());
  for (const { measure } of measures.values()) if (measure.startsWith(`${element.element}.`)) names.add(measure);
  const settings: MeasureSetting[] = [];
  for (const measure of names) {
    const setting = create(MeasureSettingSchema, { measure, muted: fields[`muted:${measure}`] === 'yes' });
    for (const limit of LIMITS)
      setting[limit] = numberWith(fields[`${limit}:${measure}`] ?? '', held.get(measure)?.[limit], measures.get(measure)?.unit);
    if (setting.muted || LIMITS.some((limit) => setting[limit] !== undefined)) settings.push(setting);
  }
  return settings;
}

function agreedWith(agreed: Agreed, was: AgreedTarget | undefined, measures: Measures): AgreedTarget {
  const unit = measures.get(agreed.measure)?.unit;
  return create(AgreedTargetSchema, {
    school: agreed.school,
    measure: agreed.measure,
    target: numberWith(agreed.target, was?.target, unit),
    amber: numberWith(agreed.amber, was?.amber, unit),
    red: numberWith(agreed.red, was?.red, unit),
    reason: agreed.reason.trim(),
    startDate: agreed.start ? toProtoDate(agreed.start) : undefined,
    endDate: agreed.end ? toProtoDate(agreed.end) : undefined,
  });
}
