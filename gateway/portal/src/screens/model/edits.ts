// What one is changing in the model: kept on the device while it is typed, laid over the model as it is now, and saved as one.
import { create } from '@bufbuild/protobuf';
import { FieldMaskSchema } from '@bufbuild/protobuf/wkt';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { problemOf, type Problem } from '../../api/errors';
import { newRequestId } from '../../api/ids';
import { useDraft } from '../../app/hooks';
import { useServices } from '../../app/services';
import type { ImprovementModel } from '../../gen/fivestrand/leadership/v1/model_pb';
import {
  NO_EDITS,
  changeField,
  conflictsOf,
  keepMine,
  shownFields,
  takeTheirs,
  withFields,
  type Edits,
  type Fields,
  type Measures,
} from '../../model/model-edits';
import { useToast } from '../../ui/toast';

// Puts one state of the model in the place of another, says so, and offers the way back.
export function useReplaceModel() {
  const { clients } = useServices();
  const queries = useQueryClient();
  const toast = useToast();
  const write = async ({ name, title, strands, agreedTargets }: ImprovementModel, etag: string) => {
    const saved = await clients.improvement.updateImprovementModel({
      improvementModel: { name, title, strands, agreedTargets, etag },
      updateMask: create(FieldMaskSchema, { paths: ['title', 'strands', 'agreed_targets'] }),
      requestId: newRequestId(),
    });
    await queries.invalidateQueries({ predicate: ({ queryKey: [kind] }) => kind === 'model' || kind === 'scoreboard' });
    return saved;
  };
  return async (now: ImprovementModel, next: ImprovementModel, said: string) => {
    const saved = await write(next, now.etag);
    const failed = 'The model has changed again since. Choose an earlier revision to restore it.';
    toast({ text: said, action: { label: 'Undo', run: () => write(now, saved.etag), failed } });
  };
}

export function useEdits(model: ImprovementModel, current: Fields, measures: Measures) {
  const queries = useQueryClient();
  const toast = useToast();
  const replace = useReplaceModel();
  const draft = useDraft<Edits>('improvement model', NO_EDITS);
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const [sent, setSent] = useState<ImprovementModel>();
  const edits = draft.value;

  const drop = async () => {
    draft.change(NO_EDITS);
    setProblem(undefined);
    await draft.clear();
  };

  const save = async () => {
    if (saving) return;
    setSaving(true);
    setProblem(undefined);
    const content = withFields(model, shownFields(current, edits), measures);
    setSent(content);
    try {
      await replace(model, content, 'Saved');
      await drop();
    } catch (error) {
      const found = problemOf(error);
      setProblem(found);
      // What they changed is then beside what one has typed.
      if (found.kind === 'conflict') await queries.invalidateQueries({ predicate: ({ queryKey: [kind] }) => kind === 'model' });
    } finally {
      setSaving(false);
    }
  };

  return {
    shown: shownFields(current, edits),
    count: Object.keys(edits.mine).length,
    edits,
    conflicts: conflictsOf(edits, current),
    restored: draft.restored,
    saving,
    problem,
    sent,
    change: (key: string, text: string) => draft.change(changeField(edits, current, key, text)),
    keepMine: (key: string) => draft.change(keepMine(edits, current, key)),
    takeTheirs: (key: string) => draft.change(takeTheirs(edits, key)),
    save: () => void save(),
    throwAway: () => {
      void drop();
      toast({ text: 'Thrown away', action: { label: 'Undo', run: () => draft.change(edits) } });
    },
  };
}
