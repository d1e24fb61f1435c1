// How much is changed and not saved, what stands in the way, and the one button that saves it all.
import { Button } from '@mantine/core';
import { labelOf, placeOf, sayField, type Names } from '../../model/model-labels';
import { Conflict } from '../../ui/conflict';
import type { useEdits } from './edits';

export function SaveBar({ edits, names }: { edits: ReturnType<typeof useEdits>; names: Names }) {
  const { count, conflicts, problem, sent } = edits;
  if (count === 0) return null;
  return (
    <section className="model-save no-print" aria-label="Changes that are not saved">
      {problem && problem.kind !== 'conflict' && (
        <div className="problem-line" role="alert">
          <strong>{problem.title}.</strong> {problem.kind === 'offline' ? 'What you typed is kept here.' : problem.advice}
          {problem.fields.map(({ field, description }) => (
            <div key={field}>{[sent && placeOf(field, sent, names), description].filter(Boolean).join(': ')}</div>
          ))}
        </div>
      )}
      {problem?.kind === 'conflict' && (
        <p className="restored" role="status">
          Somebody else saved in between. Their changes are here now, and yours are kept.{' '}
          {conflicts.length > 0 ? 'Choose where both changed the same.' : 'Save again.'}
        </p>
      )}
      {conflicts.map(({ key, mine, theirs }) => (
        <Conflict
          key={key}
          label={labelOf(key, names, mine || theirs)}
          mine={sayField(key, mine, names)}
          theirs={sayField(key, theirs, names)}
          onMine={() => edits.keepMine(key)}
          onTheirs={() => edits.takeTheirs(key)}
        />
      ))}
      <div className="model-save-row">
        <span role="status">{count === 1 ? '1 change, not saved' : `${count} changes, not saved`}</span>
        <Button variant="default" onClick={edits.throwAway}>
          Throw away
        </Button>
        <Button onClick={edits.save} loading={edits.saving} disabled={conflicts.length > 0}>
          Save
        </Button>
      </div>
    </section>
  );
}
