import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { Direction, MeasureSchema, Unit } from '../gen/fivestrand/evidence/v1/evidence_pb';
import { Cadence, ImprovementModelSchema, Stage } from '../gen/fivestrand/leadership/v1/model_pb';
import {
  NO_EDITS,
  agreedText,
  changeField,
  changedKeys,
  conflictsOf,
  fieldsOf,
  keepMine,
  numberOf,
  shownFields,
  takeTheirs,
  textOf,
  withFields,
} from './model-edits';
import { changesBetween, labelOf, placeOf, sayField, sayTyped, type Names } from './model-labels';
import { differencesOf, differs, sayAgreed, sayLimit } from './model-words';

const NORTH = 'trusts/acorn/schools/northgate';
const SHARE = create(MeasureSchema, {
  measure: 'coaching.on-cadence',
  element: 'coaching',
  title: 'Sessions on cadence',
  unit: Unit.SHARE,
  direction: Direction.HIGHER_IS_BETTER,
  target: 0.9,
  amber: 0.7,
  red: 0.5,
});
const DAYS = create(MeasureSchema, {
  measure: 'visits.days',
  element: 'visits',
  title: 'Days since a visit',
  unit: Unit.DAYS,
  direction: Direction.LOWER_IS_BETTER,
  target: 7,
  amber: 14,
  red: 21,
});
const MEASURES = new Map([SHARE, DAYS].map((measure) => [measure.measure, measure]));
const MODEL = create(ImprovementModelSchema, {
  name: 'trusts/acorn/improvementModels/improvement',
  title: 'Our model',
  strands: [
    {
      strand: 'care',
      title: 'Care',
      elements: [
        {
          element: 'coaching',
          number: '2.14',
          title: 'Coaching',
          stage: Stage.EMERGING,
          cadence: Cadence.FORTNIGHTLY,
          statement: 'Small steps.',
          measures: [{ measure: 'coaching.on-cadence', target: 1 / 3, muted: true }],
        },
        { element: 'visits', number: '1.2', title: 'Visits', measures: [{ measure: 'visits.of-a-service-that-is-away', red: 2 }] },
      ],
    },
  ],
  agreedTargets: [
    {
      school: NORTH,
      measure: 'coaching.on-cadence',
      target: 0.6,
      reason: 'Two coaches are on leave',
      startDate: { year: 2026, month: 11, day: 2 },
      endDate: { year: 2026, month: 12, day: 18 },
    },
  ],
  etag: '"1"',
  revision: 3n,
});
const KEY = `agreed:${NORTH} coaching.on-cadence 2026-11-02`;
const FIELDS = fieldsOf(MODEL, MEASURES);
const NAMES: Names = { model: MODEL, measures: MEASURES, school: () => 'Northgate' };

describe('numbers', () => {
  it('are typed in per cent where they are shares', () => {
    expect(textOf(0.07, Unit.SHARE)).toBe('7');
    expect(textOf(undefined, Unit.SHARE)).toBe('');
    expect(numberOf('85 %', Unit.SHARE)).toBe(0.85);
    expect(numberOf('0,5', Unit.DAYS)).toBe(0.5);
    expect(numberOf('−3', Unit.POINTS)).toBe(-3);
    expect(numberOf('1,200', Unit.DAYS)).toBe(1200);
    expect(numberOf('1,234,567.5', Unit.DAYS)).toBe(1234567.5);
    expect(numberOf('0,125', Unit.DAYS)).toBe(0.125);
    expect(numberOf(' ', Unit.DAYS)).toBeUndefined();
    expect(numberOf('many', Unit.DAYS)).toBeNaN();
  });
});

describe('fields', () => {
  it('come back as the model that they are of, to the last digit', () => {
    expect(withFields(MODEL, FIELDS, MEASURES)).toEqual(MODEL);
  });

  it('change what they name and nothing else', () => {
    const next = withFields(
      MODEL,
      { ...FIELDS, 'stage:coaching': '', 'target:coaching.on-cadence': '80', 'muted:coaching.on-cadence': '', 'amber:visits.days': '20' },
      MEASURES,
    );
    const [coaching, visits] = next.strands[0]?.elements ?? [];
    expect(coaching?.stage).toBe(Stage.STAGE_UNSPECIFIED);
    expect(coaching?.statement).toBe('Small steps.');
    expect(coaching?.measures[0]).toMatchObject({ target: 0.8, muted: false });
    expect(visits?.measures.map(({ measure, amber, red }) => [measure, amber, red])).toEqual([
      ['visits.of-a-service-that-is-away', undefined, 2],
      ['visits.days', 20, undefined],
    ]);
    expect(next.etag).toBe('"1"');
  });

  it('drop a setting that says nothing any more', () => {
    const next = withFields(MODEL, { ...FIELDS, 'target:coaching.on-cadence': '', 'muted:coaching.on-cadence': '' }, MEASURES);
    expect(next.strands[0]?.elements[0]?.measures).toEqual([]);
  });

  it('take agreed targets out and put new ones in', () => {
    const fresh = { school: NORTH, measure: 'visits.days', target: '20', amber: '', red: '', reason: ' Far away ', start: '2026-12-01', end: '' };
    const next = withFields(MODEL, { ...FIELDS, [KEY]: '', 'agreed:new 1': agreedText(fresh) }, MEASURES);
    expect(next.agreedTargets).toHaveLength(1);
    expect(next.agreedTargets[0]).toMatchObject({ measure: 'visits.days', target: 20, reason: 'Far away', startDate: { year: 2026, month: 12, day: 1 } });
    expect(next.agreedTargets[0]?.endDate).toBeUndefined();
  });
});

describe('edits', () => {
  const mine = changeField(NO_EDITS, FIELDS, 'stage:coaching', '4');

  it('lie over the model as it is now', () => {
    expect(shownFields({ ...FIELDS, 'statement:visits': 'Theirs.' }, mine)).toMatchObject({ 'stage:coaching': '4', 'statement:visits': 'Theirs.' });
    expect(conflictsOf(mine, { ...FIELDS, 'statement:visits': 'Theirs.' })).toEqual([]);
  });

  it('end when one types back what was there', () => {
    expect(changeField(mine, FIELDS, 'stage:coaching', '2')).toEqual(NO_EDITS);
  });

  it('stand beside what somebody else made of the same field, until one chooses', () => {
    const now = { ...FIELDS, 'stage:coaching': '3' };
    expect(conflictsOf(mine, now)).toEqual([{ key: 'stage:coaching', mine: '4', theirs: '3' }]);
    expect(conflictsOf(mine, { ...FIELDS, 'stage:coaching': '4' })).toEqual([]);
    const kept = keepMine(mine, now, 'stage:coaching');
    expect(conflictsOf(kept, now)).toEqual([]);
    expect(shownFields(now, kept)['stage:coaching']).toBe('4');
    expect(shownFields(now, takeTheirs(mine, 'stage:coaching'))['stage:coaching']).toBe('3');
  });

  it('stay a conflict while one goes on typing', () => {
    const now = { ...FIELDS, 'statement:coaching': 'Theirs.' };
    const typed = changeField(changeField(NO_EDITS, FIELDS, 'statement:coaching', 'M'), now, 'statement:coaching', 'Mine');
    expect(conflictsOf(typed, now)).toHaveLength(1);
  });

  it('see a target that somebody else has taken out', () => {
    const typed = changeField(NO_EDITS, FIELDS, KEY, FIELDS[KEY]?.replace('leave', 'courses') ?? '');
    const { [KEY]: _gone, ...now } = FIELDS;
    expect(conflictsOf(typed, now)).toMatchObject([{ key: KEY, theirs: '' }]);
  });
});

describe('words', () => {
  it('say where a limit begins', () => {
    expect(sayLimit('target', 0.9, SHARE)).toBe('at least 90\u00a0%');
    expect(sayLimit('red', 21, DAYS)).toBe('over 21\u00a0days');
    expect(sayLimit('amber', 0.5, SHARE)).toBe('under 50\u00a0%');
    expect(sayLimit('target', 10, { direction: Direction.ZERO_IS_BETTER, unit: Unit.PERCENTAGE_POINTS })).toBe('within 10\u00a0pp');
    expect(sayLimit('delta', 0, SHARE)).toBe('any');
    expect(sayLimit('delta', 0.1, SHARE)).toBe('from 10\u00a0points');
    expect(sayTyped('target', '80', SHARE)).toBe('at least 80\u00a0%');
    expect(sayTyped('target', 'many', SHARE)).toBe('many');
    expect(sayTyped('target', '80', undefined)).toBe('80');
  });

  it('name each field and its value', () => {
    expect(labelOf('stage:coaching', NAMES)).toBe('2.14 Coaching: stage');
    expect(labelOf('target:visits.days', NAMES)).toBe('Days since a visit: target');
    expect(labelOf(KEY, NAMES)).toBe('Northgate, Sessions on cadence');
    expect(sayField('stage:coaching', '4', NAMES)).toBe('Embedded');
    expect(sayField('target:coaching.on-cadence', '', NAMES)).toBe('the default');
    expect(sayField('amber:visits.days', '20', NAMES)).toBe('over 20\u00a0days');
    expect(sayField(KEY, FIELDS[KEY] ?? '', NAMES)).toContain('at least 60\u00a0%');
    expect(sayField(KEY, '', NAMES)).toBe('taken out');
  });

  it('say what a revision changed', () => {
    const before = withFields(MODEL, { ...FIELDS, 'statement:coaching': '', [KEY]: '' }, MEASURES);
    expect(changesBetween(before, MODEL, NAMES)).toEqual(['2.14 Coaching: in the trust’s words', 'Northgate, Sessions on cadence']);
    expect(changedKeys(FIELDS, FIELDS)).toEqual([]);
  });

  it('say where a refusal points', () => {
    expect(placeOf('improvement_model.agreed_targets[0].end_date', MODEL, NAMES)).toBe('Northgate, Sessions on cadence, until');
    expect(placeOf('improvement_model.strands[0].elements[0].measures[0]', MODEL, NAMES)).toBe('Sessions on cadence');
    expect(placeOf('improvement_model.strands[0].elements[1].title', MODEL, NAMES)).toBe('1.2 Visits');
    expect(placeOf('update_mask', MODEL, NAMES)).toBe('');
  });

  it('say what differs from the default', () => {
    const [coaching, visits] = MODEL.strands[0]?.elements ?? [];
    if (!coaching || !visits) throw new Error('no elements');
    expect(differencesOf(coaching, { ...coaching, stage: Stage.BEGINNING, statement: '' })).toEqual([
      { what: 'Stage', standard: 'Beginning' },
      { what: 'In the trust’s words', standard: '' },
    ]);
    expect(differs({ ...coaching, measures: [] }, coaching)).toBe(false);
    expect(differs(visits, visits)).toBe(true);
  });

  it('say that a target is the school’s own', () => {
    expect(sayAgreed(SHARE)).toBe('');
    const own = create(MeasureSchema, {
      unit: Unit.SHARE,
      direction: Direction.HIGHER_IS_BETTER,
      target: 0.6,
      agreed: { reason: 'Two coaches are on leave', endDate: { year: 2026, month: 12, day: 18 }, trustTarget: 0.9 },
    });
    expect(sayAgreed(own)).toMatch(/^The school’s own target until Fri 18 Dec.*, instead of at least 90\u00a0%: Two coaches are on leave$/);
  });
});
