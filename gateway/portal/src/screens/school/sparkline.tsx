// The trend in a thumbnail. Its numbers are in the table of the opened tile.
import type { Measure } from '../../gen/fivestrand/evidence/v1/evidence_pb';
import { chartKind, type Point } from '../../model/measures';

const WIDTH = 240;
const HEIGHT = 44;

export function Sparkline({ measure, points }: { measure: Measure; points: Point[] }) {
  const values = points.map((point) => point.value).filter((value) => value !== undefined);
  if (values.length < 2) return null;
  // Zero is always in it; gaps and changes lie below.
  const top = Math.max(0, measure.target, ...values);
  const bottom = Math.min(0, measure.target, ...values);
  const span = top - bottom || 1;
  const kind = chartKind(measure, points);
  const step = WIDTH / points.length;
  const y = (value: number) => HEIGHT - 3 - ((value - bottom) / span) * (HEIGHT - 8);
  const zero = y(0);
  const target = y(measure.target);
  return (
    <svg className="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
      {kind === 'bar' &&
        points.map(
          (point, index) =>
            point.value !== undefined && (
              <rect
                key={point.label + index}
                x={index * step + step * 0.15}
                width={step * 0.7}
                y={Math.min(zero, y(point.value))}
                height={Math.max(1, Math.abs(zero - y(point.value)))}
                className={index === points.length - 1 ? 'spark-now' : 'spark-bar'}
              />
            ),
        )}
      {kind === 'line' && (
        <polyline
          className="spark-line"
          points={points
            .map((point, index) => point.value !== undefined && `${index * step + step / 2},${y(point.value)}`)
            .filter(Boolean)
            .join(' ')}
        />
      )}
      {kind !== 'bar' &&
        points.map(
          (point, index) =>
            point.value !== undefined && (
              <circle key={point.label + index} cx={index * step + step / 2} cy={y(point.value)} r="3" className="spark-dot" />
            ),
        )}
      {(measure.target > 0 || bottom < 0) && <line x1="0" x2={WIDTH} y1={target} y2={target} className="spark-target" />}
    </svg>
  );
}
