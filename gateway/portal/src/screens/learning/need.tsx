// The need behind a booking or a coaching cycle: an element of the model, and an improvement thread for those who read threads.
import { NativeSelect } from '@mantine/core';
import { useSession } from '../../app/auth';
import { useThreads } from '../../app/improvement-queries';
import { ImprovementThread_State } from '../../gen/fivestrand/leadership/v1/improvement_pb';
import { elementsOf } from '../../model/model-edits';
import { mayReadConcerns } from '../../model/roles';
import { useModel } from '../model/queries';

export interface Need {
  element: string;
  improvementThread: string;
}

export function NeedFields({ need, onChange }: { need: Need; onChange: (need: Need) => void }) {
  const reads = mayReadConcerns(useSession());
  const model = useModel().data;
  const elements = model ? elementsOf(model) : [];
  return (
    <>
      <NativeSelect
        label="The element of the model that it serves"
        description="Optional"
        value={need.element}
        data={[
          { value: '', label: 'None in particular' },
          // A need that was written down stays, also while the model is not there.
          ...(need.element && !elements.some(({ element }) => element === need.element) ? [{ value: need.element, label: need.element }] : []),
          ...elements.map(({ element, number, title }) => ({ value: element, label: `${number} ${title}` })),
        ]}
        onChange={(event) => onChange({ ...need, element: event.currentTarget.value })}
      />
      {reads && <ThreadSelect need={need} onChange={onChange} />}
    </>
  );
}

function ThreadSelect({ need, onChange }: { need: Need; onChange: (need: Need) => void }) {
  const threads = useThreads();
  const shown = (threads.data ?? []).filter(({ state, name }) => state !== ImprovementThread_State.CLOSED || name === need.improvementThread);
  if (shown.length === 0) return null;
  return (
    <NativeSelect
      label="The improvement thread that it answers"
      description="Optional"
      value={need.improvementThread}
      data={[{ value: '', label: 'None in particular' }, ...shown.map(({ name, title }) => ({ value: name, label: title }))]}
      onChange={(event) => onChange({ ...need, improvementThread: event.currentTarget.value })}
    />
  );
}
