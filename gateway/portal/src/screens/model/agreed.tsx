// The targets that single schools have agreed for a measure: who, what, until when and why; and the form that changes one.
import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useSession } from '../../app/auth';
import type { Measure } from '../../gen/fivestrand/evidence/v1/evidence_pb';
import { addDays, saySpan, today } from '../../model/dates';
import { agreedOf, agreedText, type Agreed, type Fields } from '../../model/model-edits';
import { sayTyped } from '../../model/model-labels';
import { sayUnit } from '../../model/words';
import { PlusIcon } from '../../ui/icons';

// About half a term.
const USUAL_DAYS = 42;

export interface AgreedEntry {
  key: string;
  agreed: Agreed;
}

// Those of one measure, the ones that hold now first.
export function agreedFor(fields: Fields, measure: string): AgreedEntry[] {
  return Object.entries(fields)
    .filter(([key]) => key.startsWith('agreed:'))
    .flatMap(([key, text]) => {
      const agreed = agreedOf(text);
      return agreed && agreed.measure === measure ? [{ key, agreed }] : [];
    })
    .sort((a, b) => Number(hasEnded(a.agreed)) - Number(hasEnded(b.agreed)) || a.agreed.start.localeCompare(b.agreed.start));
}

function hasEnded({ end }: Agreed): boolean {
  return end !== '' && end < today();
}

export function AgreedList({ entries, measure }: { entries: AgreedEntry[]; measure: Measure }) {
  const { schools } = useSession();
  if (entries.length === 0) return null;
  return (
    <ul className="agreed-list" aria-label={`Agreed with single schools: ${measure.title}`}>
      {entries.map(({ key, agreed }) => {
        const state = hasEnded(agreed) ? 'ended' : agreed.start > today() ? 'not begun' : 'now';
        return (
          <li key={key} data-state={state}>
            <strong>{schools.find(({ name }) => name === agreed.school)?.displayName ?? 'A school'}</strong>:{' '}
            {sayTyped('target', agreed.target, measure)},{' '}
            {agreed.start && agreed.end && saySpan(agreed.start, agreed.end)}
            {state === 'now' ? '' : ` (${state})`}
            <small>{agreed.reason}</small>
          </li>
        );
      })}
    </ul>
  );
}

export function AgreedForms(props: {
  entries: AgreedEntry[];
  measure: Measure;
  onChange: (key: string, text: string) => void;
}) {
  const { entries, measure, onChange } = props;
  const { schools } = useSession();
  const add = () => {
    const agreed = {
      school: schools[0]?.name ?? '',
      measure: measure.measure,
      target: '',
      amber: '',
      red: '',
      reason: '',
      start: today(),
      end: addDays(today(), USUAL_DAYS),
    };
    onChange(`agreed:new ${crypto.randomUUID()}`, agreedText(agreed));
  };
  return (
    <>
      {entries.map(({ key, agreed }) => {
        const set = (fields: Partial<Agreed>) => onChange(key, agreedText({ ...agreed, ...fields }));
        const input = (field: 'target' | 'amber' | 'red', label: string, description?: string) => (
          <TextInput
            label={`${label} (${sayUnit(measure.unit)})`}
            description={description}
            inputMode="decimal"
            value={agreed[field]}
            onChange={(event) => set({ [field]: event.currentTarget.value })}
          />
        );
        return (
          <fieldset key={key} className="agreed-form">
            <legend>Agreed with a school</legend>
            <NativeSelect
              label="School"
              value={agreed.school}
              data={schools.map(({ name, displayName }) => ({ value: name, label: displayName }))}
              onChange={(event) => set({ school: event.currentTarget.value })}
            />
            {input('target', 'Target')}
            <div className="form-pair">
              {input('amber', 'Watch', 'Moves with the target when empty')}
              {input('red', 'Needs action', 'Moves with the target when empty')}
            </div>
            <div className="form-pair">
              <TextInput type="date" label="From" value={agreed.start} onChange={(event) => set({ start: event.currentTarget.value })} />
              <TextInput type="date" label="Until" value={agreed.end} onChange={(event) => set({ end: event.currentTarget.value })} />
            </div>
            <Textarea
              label="Why"
              description="Every member of staff can read it: name nobody."
              autosize
              minRows={2}
              maxLength={1000}
              value={agreed.reason}
              onChange={(event) => set({ reason: event.currentTarget.value })}
            />
            <Button variant="subtle" color="red" className="agreed-remove" onClick={() => onChange(key, '')}>
              Take it out
            </Button>
          </fieldset>
        );
      })}
      {schools.length > 0 && (
        <Button variant="default" leftSection={<PlusIcon size={18} />} onClick={add}>
          Agree a target with a school<span className="sr-only">: {measure.title}</span>
        </Button>
      )}
    </>
  );
}
