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

const PATHS = ['title', 'strands', 'agreed_targets'];

// Writes a state of the model over the one that has this etag.
export function useWriteModel() {
  const { clients } = useServices();
  const queries = useQueryClient();
  return async (content: ImprovementModel, etag: string) => {
    const saved = await clients.improvement.updateImprovementModel({
      improvementModel: { name: content.name, title: content.title, strands: content.strands, agreedTargets: content.agreedTargets, etag },
      updateMask: create(FieldMaskSchema, { paths: PATHS }),
      requestId: newRequestId(),
    });
    await queries.invalidateQueries({ predicate: ({ queryKey: [kind] }) => kind === 'model' || kind === 'scoreboard' });
    return saved;
  };
}

export function useEdits(model: ImprovementModel, current: Fields, measures: Measures) {
  const queries = useQueryClient();
  const toast = useToast();
  const write = useWriteModel();
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
      const saved = await write(content, model.etag);
      await drop();
      const undo = async () => {
        try {
          await write(model, saved.etag);
          toast({ text: 'Undone' });
        } catch {
          toast({ text: 'The model has changed again since. Choose an earlier revision to restore it.', tone: 'bad' });
        }
      };
      toast({ text: 'Saved', action: { label: 'Undo', run: () => void undo() } });
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
    drop: () => void drop(),
  };
}
