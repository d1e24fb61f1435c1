// The states that the model has had: who made each, when, and what it changed.
import { Button } from '@mantine/core';
import { nameIn, usePeople } from '../../app/queries';
import type { ImprovementModel } from '../../gen/fivestrand/leadership/v1/model_pb';
import { sayWhen, toInstant } from '../../model/dates';
import { changesBetween, type Names } from '../../model/model-labels';
import { Empty, Loading, ProblemNote } from '../../ui/parts';
import { Sheet } from '../../ui/sheet';
import { useModel, useRevisions } from './queries';

const SHOWN = 4;

export function Revisions(props: { opened: boolean; onClose: () => void; onRead: (revision: bigint) => void; names: Names }) {
  return (
    <Sheet opened={props.opened} onClose={props.onClose} title="Earlier revisions">
      {props.opened && <List {...props} />}
    </Sheet>
  );
}

function List({ onRead, names }: { onRead: (revision: bigint) => void; names: Names }) {
  const query = useRevisions();
  const standard = useModel(0n);
  const who = useWho();
  if (query.isPending) return <Loading />;
  if (query.isError) return <ProblemNote error={query.error} onRetry={() => void query.refetch()} />;
  const revisions = query.data;
  return (
    <>
      {revisions.length === 0 && <Empty title="Nothing has been changed yet">The default stands.</Empty>}
      <ol className="revisions">
        {revisions.map((revision, index) => {
          const before = revisions[index + 1] ?? (revision.revision === 1n ? standard.data : undefined);
          const changes = before ? changesBetween(before, revision, names) : [];
          return (
            <li key={String(revision.revision)}>
              <p>
                <strong>Revision {String(revision.revision)}</strong>
                {index === 0 && ' (as it is now)'}
                <small>{[sayMoment(revision), who(revision)].filter(Boolean).join(', ')}</small>
              </p>
              {changes.length > 0 && (
                <ul className="revision-changes">
                  {changes.slice(0, SHOWN).map((change) => (
                    <li key={change}>{change}</li>
                  ))}
                  {changes.length > SHOWN && <li>and {changes.length - SHOWN} more</li>}
                </ul>
              )}
              {index > 0 && (
                <Button variant="default" onClick={() => onRead(revision.revision)}>
                  Read revision {String(revision.revision)}
                </Button>
              )}
            </li>
          );
        })}
        <li>
          <p>
            <strong>The default</strong>
            <small>Five strands and forty elements, as Fivestrand brings them</small>
          </p>
          <Button variant="default" onClick={() => onRead(0n)}>
            Read the default
          </Button>
        </li>
      </ol>
    </>
  );
}

export function useWho(): (model: ImprovementModel) => string {
  const people = usePeople();
  return ({ editor }) => {
    if (editor.includes('/people/')) return nameIn(people, editor);
    return editor ? 'those who run the server' : '';
  };
}

export function sayMoment(model: ImprovementModel): string {
  const instant = toInstant(model.updateTime);
  return instant ? sayWhen(instant) : '';
}
