import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { Band, MeasureSummarySchema, NoValueReason } from '../gen/fivestrand/evidence/v1/evidence_pb';
import { ElementStandingSchema, ScoreboardColumnSchema, ScoreboardSchema } from '../gen/fivestrand/leadership/v1/improvement_service_pb';
import { compareStandings, headline, strandsOf, tally } from './scoreboard';

function summary(measure: string, band: Band, value?: number) {
  return create(MeasureSummarySchema, {
    measure: { measure },
    latest: { band, value, noValueReason: value === undefined ? NoValueReason.TOO_FEW : 0 },
  });
}
const standing = (element: string, band: Band, openConcerns = 0) => create(ElementStandingSchema, { element, band, openConcerns });

describe('the scoreboard', () => {
  it('keeps the order of the model and marks what a column does not have', () => {
    const board = create(ScoreboardSchema, {
      model: {
        strands: [
          { strand: 'a', title: 'A', elements: [{ element: 'two' }, { element: 'one' }] },
          { strand: 'b', title: 'B', elements: [{ element: 'three' }] },
        ],
      },
    });
    const column = create(ScoreboardColumnSchema, { elements: [standing('one', Band.RED), standing('three', Band.GREEN)] });
    const strands = strandsOf(board, column);
    expect(strands.map(({ elements }) => elements.map(({ element }) => element.element))).toEqual([['two', 'one'], ['three']]);
    expect(strands[0]?.elements[0]?.standing).toBeUndefined();
    expect(strands[0]?.elements[1]?.standing?.band).toBe(Band.RED);
  });

  it('shows the worst figure of an element, and one without a figure only when there is no other', () => {
    const of = (...measures: ReturnType<typeof summary>[]) => headline(create(ElementStandingSchema, { measures }))?.measure?.measure;
    expect(of(summary('green', Band.GREEN, 1), summary('red', Band.RED, 0.1), summary('amber', Band.AMBER, 0.5))).toBe('red');
    expect(of(summary('hidden', Band.BAND_UNSPECIFIED), summary('green', Band.GREEN, 1))).toBe('green');
    expect(of(summary('hidden', Band.BAND_UNSPECIFIED))).toBe('hidden');
    expect(headline(undefined)).toBeUndefined();
  });

  it('puts what needs action first, then what has more concerns', () => {
    const order = [standing('x', Band.GREEN), standing('x', Band.RED), standing('x', Band.AMBER), standing('x', Band.RED, 2), undefined].sort(
      compareStandings,
    );
    expect(order.map((one) => [one?.band, one?.openConcerns])).toEqual([
      [Band.RED, 2],
      [Band.RED, 0],
      [Band.AMBER, 0],
      [Band.GREEN, 0],
      [undefined, undefined],
    ]);
  });

  it('counts every element once', () => {
    const column = create(ScoreboardColumnSchema, {
      elements: [standing('a', Band.RED), standing('b', Band.AMBER), standing('c', Band.GREEN), standing('d', Band.BAND_UNSPECIFIED)],
    });
    expect(tally(column)).toEqual({ red: 1, amber: 1, green: 1, none: 1 });
  });
});
