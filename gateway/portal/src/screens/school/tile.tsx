// One figure: what it is, of how many, as of when. It opens in place to its chart, its formula and the records behind it.
import { Button } from '@mantine/core';
import { lazy, Suspense, useId, useState } from 'react';
import type { MeasureSummary } from '../../gen/fivestrand/evidence/v1/evidence_pb';
import { fromProtoDate, saySpan, sayWhen, toInstant, today } from '../../model/dates';
import { pointsOf } from '../../model/measures';
import { sayAgreed } from '../../model/model-words';
import { NO_VALUE, sayParts, sayTarget, sayUnit, sayValue, whyNoRecords } from '../../model/words';
import { ChevronIcon, ListIcon } from '../../ui/icons';
import { BandBadge, Loading } from '../../ui/parts';
import { RecordsDrawer } from './records';
import { Sparkline } from './sparkline';

const TrendChart = lazy(() => import('./chart'));

export function MeasureTile({ summary, school, part = '' }: { summary: MeasureSummary; school: string; part?: string }) {
  const { measure, latest, trend } = summary;
  const [open, setOpen] = useState(false);
  const [records, setRecords] = useState(false);
  const id = useId();
  if (!measure || !latest) return null;
  const points = pointsOf(trend, today());
  const from = fromProtoDate(latest.period?.startDate);
  const to = fromProtoDate(latest.period?.endDate);
  const computed = toInstant(latest.computeTime);
  const none = latest.value === undefined ? NO_VALUE[latest.noValueReason] : undefined;
  return (
    <article className="tile" data-open={open || undefined} aria-labelledby={`${id}-title`} data-measure={measure.measure}>
      <h3 id={`${id}-title`} className="tile-title">
        {measure.title}
        {part && <small className="tile-part">{part}</small>}
      </h3>
      {latest.value !== undefined ? (
        <p className="tile-value">
          <span className="tile-number">{sayValue(latest.value, measure.unit)}</span>
          <BandBadge band={latest.band} />
        </p>
      ) : (
        <p className="tile-none">
          <strong>{none?.title}</strong>
          <small>{none?.advice}</small>
        </p>
      )}
      <p className="tile-facts">
        {sayParts(latest, measure.unit) && (
          <span>
            {sayParts(latest, measure.unit)}
            {measure.unit === 1 ? '' : ` ${sayUnit(measure.unit)}`}
          </span>
        )}
        <span>
          {latest.period?.label}
          {from && to ? `, ${saySpan(from, to)}` : ''}
          {latest.final ? '' : ', so far'}
        </span>
        <span>{sayTarget(measure)}</span>
      </p>
      {measure.agreed && <p className="tile-agreed">{sayAgreed(measure)}</p>}
      <Sparkline measure={measure} points={points} />
      <div className="tile-actions no-print">
        <button type="button" className="tile-toggle" aria-expanded={open} aria-controls={`${id}-more`} onClick={() => setOpen(!open)}>
          <ChevronIcon size={18} /> {open ? 'Less' : 'How it is made'}
          <span className="sr-only">: {measure.title}</span>
        </button>
        {latest.records.length > 0 && (
          <button type="button" className="tile-toggle" onClick={() => setRecords(true)}>
            <ListIcon size={18} /> Records<span className="sr-only"> behind {measure.title}</span>
          </button>
        )}
      </div>
      <div id={`${id}-more`} hidden={!open} className="tile-more">
        {open && (
          <>
            <Suspense fallback={<Loading lines={2} />}>
              <TrendChart measure={measure} points={points} />
            </Suspense>
            <p>
              <strong>How it is computed.</strong> {measure.formula}
            </p>
            {computed && <p className="as-of">Computed {sayWhen(computed)} from the records alone. Nobody types a figure in.</p>}
            {latest.records.length > 0 ? (
              <Button variant="default" leftSection={<ListIcon size={18} />} onClick={() => setRecords(true)}>
                Records behind this figure
              </Button>
            ) : (
              <p className="as-of">{whyNoRecords(measure.element)}</p>
            )}
          </>
        )}
      </div>
      <RecordsDrawer opened={records} onClose={() => setRecords(false)} title={measure.title} queries={latest.records} school={school} />
    </article>
  );
}
