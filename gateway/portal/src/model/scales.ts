// Scales as people read and write them: thousandths as numbers, what a code means in words, a new version to be edited.
import { create } from '@bufbuild/protobuf';
import {
  Scale_CodeSchema,
  Scale_Kind,
  Scale_Stage as Stage,
  ScaleSchema,
  type Framework,
  type Scale,
  type Scale_Code,
} from '../gen/fivestrand/assessment/v1/framework_pb';

export const SCALE_STAGES: Record<Stage, string> = {
  [Stage.STAGE_UNSPECIFIED]: 'Other',
  [Stage.EARLY_YEARS]: 'Early years',
  [Stage.PHONICS]: 'Phonics check',
  [Stage.KEY_STAGE_1]: 'Key stage 1',
  [Stage.MULTIPLICATION_TABLES]: 'Multiplication tables check',
  [Stage.KEY_STAGE_2]: 'Key stage 2',
  [Stage.KEY_STAGE_4]: 'Key stage 4',
  [Stage.IN_YEAR]: 'In year',
};

// `100`, `4.5`.
export function sayThousandths(value: bigint): string {
  return String(Number(value) / 1000);
}

// Undefined when the text is no number, or finer than a thousandth.
export function readThousandths(text: string | number): bigint | undefined {
  const value = Number(text);
  if (String(text).trim() === '' || !Number.isFinite(value) || Math.abs(value) > 1_000_000) return undefined;
  const thousandths = Math.round(value * 1000);
  return Math.abs(thousandths - value * 1000) < 1e-6 ? BigInt(thousandths) : undefined;
}

export function sayRange(scale: Scale): string {
  const step = scale.stepThousandths === 0n || scale.stepThousandths === 1000n ? '' : `, in steps of ${sayThousandths(scale.stepThousandths)}`;
  return `${sayThousandths(scale.minimumThousandths)} to ${sayThousandths(scale.maximumThousandths)}${step}`;
}

// What a code can mean, each in one choice.
export const MEANINGS = [
  { label: 'Below the standard', atStandard: false, atHigherStandard: false, outside: false, countsInDenominator: false },
  { label: 'At the expected standard', atStandard: true, atHigherStandard: false, outside: false, countsInDenominator: false },
  { label: 'At the higher standard', atStandard: true, atHigherStandard: true, outside: false, countsInDenominator: false },
  { label: 'No result, counts among all', atStandard: false, atHigherStandard: false, outside: true, countsInDenominator: true },
  { label: 'No result, not counted', atStandard: false, atHigherStandard: false, outside: true, countsInDenominator: false },
];

export function meaningOf(code: Scale_Code): string {
  const reached = code.atStandard || code.atHigherStandard;
  const isSame = (meaning: (typeof MEANINGS)[number]) =>
    meaning.outside
      ? code.outside && meaning.countsInDenominator === code.countsInDenominator
      : !code.outside && meaning.atStandard === reached && meaning.atHigherStandard === code.atHigherStandard;
  return MEANINGS.find(isSame)?.label ?? '';
}

// Whether the lowest number at a standard is still to be announced.
export function awaitsStandard(scale: Scale): boolean {
  return scale.kind === Scale_Kind.NUMERIC && scale.standardThousandths === undefined;
}

// Those that have no newer version first, each with the versions before it, newest first.
export function versionsOf(scales: Scale[]): { newest: Scale; earlier: Scale[] }[] {
  const byName = new Map(scales.map((scale) => [scale.name, scale]));
  const superseded = new Set(scales.map(({ supersedes }) => supersedes).filter(Boolean));
  return scales
    .filter(({ name }) => !superseded.has(name))
    .map((newest) => {
      const earlier: Scale[] = [];
      for (let before = byName.get(newest.supersedes); before && earlier.length < scales.length; before = byName.get(before.supersedes)) earlier.push(before);
      return { newest, earlier };
    })
    .sort((a, b) => a.newest.stage - b.newest.stage || a.newest.displayName.localeCompare(b.newest.displayName));
}

// The newest version of each scale, by the name of any of its versions.
export function newestVersions(scales: Scale[]): Map<string, Scale> {
  return new Map(versionsOf(scales).flatMap(({ newest, earlier }) => [newest, ...earlier].map(({ name }): [string, Scale] => [name, newest])));
}

// What a new version begins as. A threshold that is announced each year is left open.
export function nextVersion(scale: Scale): Scale {
  return create(ScaleSchema, {
    displayName: scale.displayName,
    stage: scale.stage,
    kind: scale.kind,
    supersedes: scale.name,
    codes: scale.codes.map((code) => create(Scale_CodeSchema, { ...code, number: 0 })),
    minimumThousandths: scale.minimumThousandths,
    maximumThousandths: scale.maximumThousandths,
    stepThousandths: scale.stepThousandths,
    standardThousandths: scale.stage === Stage.PHONICS ? undefined : scale.standardThousandths,
    higherStandardThousandths: scale.higherStandardThousandths,
    source: scale.source,
  });
}

export function usersOf(scale: string, frameworks: Framework[]): Framework[] {
  return frameworks.filter(({ subjects }) => subjects.some((line) => line.scale === scale));
}

// The framework's subjects, with one scale in the place of another.
export function onNewScale(framework: Framework, before: string, after: string): Framework['subjects'] {
  return framework.subjects.map((line) => (line.scale === before ? { ...line, scale: after } : line));
}
