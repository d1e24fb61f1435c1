// What one measure is held to: read, or changed in place.
import { Checkbox, TextInput } from '@mantine/core';
import type { Measure } from '../../gen/fivestrand/evidence/v1/evidence_pb';
import { numberOf, textOf, type Fields } from '../../model/model-edits';
import { sayTyped } from '../../model/model-labels';
import { LIMIT_WORDS, sayLimit, type Limit } from '../../model/model-words';
import { sayUnit } from '../../model/words';
import { agreedFor, AgreedForms, AgreedList } from './agreed';

const LIMITS: Limit[] = ['target', 'amber', 'red', 'delta'];

export function MeasureFacts({ measure, fields }: { measure: Measure; fields: Fields }) {
  const muted = fields[`muted:${measure.measure}`] === 'yes';
  return (
    <li className="model-measure" data-measure={measure.measure}>
      <h4>{measure.title}</h4>
      <dl className="model-limits">
        {LIMITS.map((limit) => {
          const typed = fields[`${limit}:${measure.measure}`] ?? '';
          const standard = sayLimit(limit, measure[limit], measure);
          const changed = typed !== '' && numberOf(typed, measure.unit) !== measure[limit];
          return (
            <div key={limit} data-changed={changed || undefined}>
              <dt>{LIMIT_WORDS[limit]}</dt>
              <dd>
                {changed ? sayTyped(limit, typed, measure) : standard}
                {changed && <small>default {standard}</small>}
              </dd>
            </div>
          );
        })}
      </dl>
      {muted && <p className="model-muted">Raises no concerns by rule; people still can.</p>}
      <AgreedList entries={agreedFor(fields, measure.measure)} measure={measure} />
    </li>
  );
}

export function MeasureForm(props: { measure: Measure; fields: Fields; onChange: (key: string, text: string) => void }) {
  const { measure, fields, onChange } = props;
  const id = measure.measure;
  return (
    <li>
      <fieldset className="model-measure-form" data-measure={id}>
        <legend>{measure.title}</legend>
        <div className="model-inputs">
          {LIMITS.map((limit) => (
            <TextInput
              key={limit}
              label={`${LIMIT_WORDS[limit]} (${sayUnit(measure.unit)})`}
              description={`default ${sayLimit(limit, measure[limit], measure)}`}
              placeholder={textOf(measure[limit], measure.unit)}
              inputMode="decimal"
              value={fields[`${limit}:${id}`] ?? ''}
              onChange={(event) => onChange(`${limit}:${id}`, event.currentTarget.value)}
            />
          ))}
        </div>
        <Checkbox
          className="model-check"
          label="Raises no concerns by rule"
          checked={fields[`muted:${id}`] === 'yes'}
          onChange={(event) => onChange(`muted:${id}`, event.currentTarget.checked ? 'yes' : '')}
        />
        <AgreedForms entries={agreedFor(fields, id)} measure={measure} onChange={onChange} />
      </fieldset>
    </li>
  );
}
