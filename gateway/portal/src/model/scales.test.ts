import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { FrameworkSchema, Scale_CodeSchema, Scale_Kind, Scale_Stage, ScaleSchema } from '../gen/fivestrand/assessment/v1/framework_pb';
import { awaitsStandard, meaningOf, newestVersions, nextVersion, onNewScale, readThousandths, sayRange, sayThousandths, usersOf, versionsOf } from './scales';

const phonics = create(ScaleSchema, {
  name: 'trusts/acorn/scales/phonics',
  displayName: 'Phonics',
  stage: Scale_Stage.PHONICS,
  kind: Scale_Kind.NUMERIC,
  version: 1,
  minimumThousandths: 0n,
  maximumThousandths: 40000n,
  standardThousandths: 32000n,
  codes: [{ code: 'A', number: 7, outside: true }],
});

test('thousandths are numbers to people', () => {
  expect(sayThousandths(100000n)).toBe('100');
  expect(sayThousandths(4500n)).toBe('4.5');
  expect(readThousandths('4.5')).toBe(4500n);
  expect(readThousandths('-0.001')).toBe(-1n);
  expect(readThousandths('32')).toBe(32000n);
  for (const wrong of ['', ' ', 'x', '0.0001', '1e9']) expect(readThousandths(wrong)).toBeUndefined();
  expect(sayRange(phonics)).toBe('0 to 40');
  expect(sayRange(create(ScaleSchema, { ...phonics, stepThousandths: 500n }))).toBe('0 to 40, in steps of 0.5');
});

test('a code says what it means', () => {
  const code = (fields: object) => meaningOf(create(Scale_CodeSchema, fields));
  expect(code({ rank: 1 })).toBe('Below the standard');
  expect(code({ atStandard: true })).toBe('At the expected standard');
  expect(code({ atStandard: true, atHigherStandard: true })).toBe('At the higher standard');
  expect(code({ outside: true })).toBe('No result, not counted');
  expect(code({ outside: true, countsInDenominator: true })).toBe('No result, counts among all');
});

test('the newest version stands for those before it', () => {
  const second = create(ScaleSchema, { ...phonics, name: 'trusts/acorn/scales/phonics-2', version: 2, supersedes: phonics.name });
  const third = create(ScaleSchema, { ...phonics, name: 'trusts/acorn/scales/phonics-3', version: 3, supersedes: second.name });
  const other = create(ScaleSchema, { ...phonics, name: 'trusts/acorn/scales/other', displayName: 'Another' });
  expect(versionsOf([phonics, third, other, second]).map(({ newest, earlier }) => [newest.name, earlier.map(({ version }) => version)])).toEqual([
    [other.name, []],
    [third.name, [2, 1]],
  ]);
});

test('each version has one that is the newest of its line', () => {
  const second = create(ScaleSchema, { ...phonics, name: 'trusts/acorn/scales/phonics-2', version: 2, supersedes: phonics.name });
  const other = create(ScaleSchema, { ...phonics, name: 'trusts/acorn/scales/other' });
  const newest = newestVersions([second, other, phonics]);
  expect([phonics, second, other].map(({ name }) => newest.get(name)?.name)).toEqual([second.name, second.name, other.name]);
});

test('a new version begins as the one before, without a threshold that is announced each year', () => {
  const next = nextVersion(phonics);
  expect(next.supersedes).toBe(phonics.name);
  expect(next.name).toBe('');
  expect(next.standardThousandths).toBeUndefined();
  expect(awaitsStandard(next)).toBe(true);
  expect(awaitsStandard(phonics)).toBe(false);
  expect(next.codes.map(({ code, number }) => [code, number])).toEqual([['A', 0]]);
  // The version that is read stays as it was.
  expect(phonics.codes[0]?.number).toBe(7);
  expect(nextVersion(create(ScaleSchema, { ...phonics, stage: Scale_Stage.KEY_STAGE_2 })).standardThousandths).toBe(32000n);
});

test('frameworks go over to it', () => {
  const framework = create(FrameworkSchema, {
    subjects: [
      { subject: 'phonics', scale: phonics.name },
      { subject: 'maths', scale: 'other' },
    ],
  });
  expect(usersOf(phonics.name, [framework])).toEqual([framework]);
  expect(usersOf('none', [framework])).toEqual([]);
  expect(onNewScale(framework, phonics.name, 'new').map(({ scale }) => scale)).toEqual(['new', 'other']);
  expect(framework.subjects[0]?.scale).toBe(phonics.name);
});
