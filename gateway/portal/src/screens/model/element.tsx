// One of the forty elements: who keeps it, how often, how far it has come, and what its measures are held to.
import { Button, NativeSelect, Textarea } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { Measure } from '../../gen/fivestrand/evidence/v1/evidence_pb';
import { Cadence, Stage, type ModelElement } from '../../gen/fivestrand/leadership/v1/model_pb';
import type { Fields } from '../../model/model-edits';
import { CADENCE_WORDS, OWNER_WORDS, differencesOf } from '../../model/model-words';
import { STAGE_WORDS } from '../../model/words';
import { PenIcon } from '../../ui/icons';
import { MeasureFacts, MeasureForm } from './measure';

export function ElementCard(props: {
  element: ModelElement;
  standard: ModelElement | undefined;
  // Whether the trust has something of its own here.
  own: boolean;
  measures: Measure[];
  away: boolean;
  fields: Fields;
  here: boolean;
  open: boolean;
  // Absent for those who read.
  onToggle?: () => void;
  onChange: (key: string, text: string) => void;
}) {
  const { element, standard, measures, fields, here, open, onToggle, onChange } = props;
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!here) return;
    // Newer browsers return a promise, which is no clean-up.
    void head.current?.scrollIntoView({ block: 'start' });
    head.current?.focus({ preventScroll: true });
  }, [here]);
  return (
    <article
      className="model-element"
      aria-labelledby={`model-${element.element}`}
      data-element={element.element}
      data-here={here || undefined}
      data-open={open || undefined}
    >
      <div className="model-head">
        <h3 id={`model-${element.element}`} ref={head} tabIndex={-1}>
          <span className="element-number">{element.number}</span> {element.title}
          {props.own && <span className="model-own">differs</span>}
        </h3>
        {onToggle && (
          <Button className="no-print" variant="subtle" leftSection={<PenIcon size={18} />} aria-expanded={open} onClick={onToggle}>
            {open ? 'Close' : 'Change'}
            <span className="sr-only">: {element.title}</span>
          </Button>
        )}
      </div>
      {open ? <ElementForm {...props} /> : <ElementFacts element={element} standard={standard} />}
      {props.away && <p className="as-of">Its measures cannot be read just now: the service that keeps them did not answer.</p>}
      {measures.length > 0 && (
        <ul className="model-measures">
          {measures.map((measure) =>
            open ? (
              <MeasureForm key={measure.measure} measure={measure} fields={fields} onChange={onChange} />
            ) : (
              <MeasureFacts key={measure.measure} measure={measure} fields={fields} />
            ),
          )}
        </ul>
      )}
    </article>
  );
}

function ElementFacts({ element, standard }: { element: ModelElement; standard: ModelElement | undefined }) {
  const differences = differencesOf(element, standard);
  const facts = [
    `Kept by ${OWNER_WORDS[element.owner] ?? element.owner}`,
    CADENCE_WORDS[element.cadence],
    element.stage > 0 ? `Stage: ${STAGE_WORDS[element.stage]}` : '',
  ];
  return (
    <>
      <p className="model-facts">{facts.filter(Boolean).join(' · ')}</p>
      {element.statement && <p className="model-statement">{element.statement}</p>}
      {differences.length > 0 && (
        <p className="as-of">
          In the default: {differences.map(({ what, standard: before }) => `${what}: ${before || 'none'}`).join('; ')}
        </p>
      )}
    </>
  );
}

function ElementForm({ element, fields, onChange }: { element: ModelElement; fields: Fields; onChange: (key: string, text: string) => void }) {
  const select = (kind: 'stage' | 'cadence', label: string, words: Record<number, string>, codes: number[]) => (
    <NativeSelect
      label={label}
      value={fields[`${kind}:${element.element}`] ?? ''}
      data={[{ value: '', label: 'Not said' }, ...codes.map((code) => ({ value: String(code), label: words[code] ?? '' }))]}
      onChange={(event) => onChange(`${kind}:${element.element}`, event.currentTarget.value)}
    />
  );
  return (
    <div className="form">
      <div className="form-pair">
        {select('stage', 'Stage', STAGE_WORDS, [Stage.BEGINNING, Stage.EMERGING, Stage.ALIGNING, Stage.EMBEDDED])}
        {select('cadence', 'Rhythm', CADENCE_WORDS, [
          Cadence.DAILY,
          Cadence.WEEKLY,
          Cadence.FORTNIGHTLY,
          Cadence.MONTHLY,
          Cadence.HALF_TERMLY,
          Cadence.TERMLY,
          Cadence.SIX_TIMES_A_YEAR,
          Cadence.TWICE_A_YEAR,
          Cadence.ANNUALLY,
        ])}
      </div>
      <Textarea
        label="In the trust’s words"
        autosize
        minRows={2}
        maxLength={2000}
        value={fields[`statement:${element.element}`] ?? ''}
        onChange={(event) => onChange(`statement:${element.element}`, event.currentTarget.value)}
      />
    </div>
  );
}
