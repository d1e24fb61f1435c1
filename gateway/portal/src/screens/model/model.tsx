// The improvement model as the trust has it: five strands and forty elements, what each is held to, and what differs from the default.
// Those who keep it change it in place, all at once; everybody else reads.
import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import { useSession } from '../../app/auth';
import { useParam } from '../../app/hooks';
import type { ImprovementModel } from '../../gen/fivestrand/leadership/v1/model_pb';
import { elementsOf, type Fields, type Measures } from '../../model/model-edits';
import { differs } from '../../model/model-words';
import type { Names } from '../../model/model-labels';
import { mayChangeModel } from '../../model/roles';
import { PrintIcon, UndoIcon } from '../../ui/icons';
import { Empty, Loading, PageHead, ProblemNote } from '../../ui/parts';
import { useAction } from '../../ui/action';
import { useEdits, useReplaceModel } from './edits';
import { ElementCard } from './element';
import { useFields, useMeasures, useModel } from './queries';
import { Revisions, sayMoment, useWho } from './revisions';
import { SaveBar } from './save-bar';
import './model.css';

export default function ModelScreen() {
  const revision = useParam('revision');
  const past = revision.value !== undefined && /^\d{1,9}$/.test(revision.value) ? BigInt(revision.value) : undefined;
  const now = useModel();
  const then = useModel(past ?? 0n);
  const standard = useModel(0n);
  const measures = useMeasures();
  const waiting = now.isPending || standard.isPending || measures.isPending || (past !== undefined && then.isPending);
  const failed = [now, standard, measures, ...(past === undefined ? [] : [then])].find((query) => query.isError);
  if (failed) {
    return (
      <>
        <PageHead title="Improvement model" />
        <ProblemNote error={failed.error} onRetry={() => void failed.refetch()} title="The model" />
      </>
    );
  }
  if (waiting || !now.data || !standard.data || !measures.data || (past !== undefined && !then.data)) {
    return (
      <>
        <PageHead title="Improvement model" />
        <Loading lines={8} label="Loading the model" />
      </>
    );
  }
  const shared = { now: now.data, standard: standard.data, measures: measures.measures, away: measures.away.map(({ service }) => service) };
  return past !== undefined && then.data && past !== now.data.revision ? (
    <Past {...shared} then={then.data} onClose={revision.close} />
  ) : (
    <Present {...shared} onRead={revision.open} />
  );
}

interface Shared {
  now: ImprovementModel;
  standard: ImprovementModel;
  measures: Measures;
  away: string[];
}

function useNames(model: ImprovementModel, measures: Measures): Names {
  const { schools } = useSession();
  return { model, measures, school: (name) => schools.find((school) => school.name === name)?.displayName ?? 'A school' };
}

function Present({ now, standard, measures, away, onRead }: Shared & { onRead: (revision: string) => void }) {
  const session = useSession();
  const names = useNames(now, measures);
  const current = useFields(now, measures);
  const edits = useEdits(now, current, measures);
  const who = useWho();
  const element = useParam('element');
  const history = useParam('history');
  const mayChange = mayChangeModel(session);
  return (
    <>
      <PageHead
        title={now.title}
        actions={
          <div className="model-actions">
            <Button className="no-print" variant="default" onClick={() => history.open('open')}>
              Earlier revisions
            </Button>
            <Button className="no-print" variant="default" leftSection={<PrintIcon size={20} />} onClick={() => window.print()}>
              Print
            </Button>
          </div>
        }
      >
        {now.revision === 0n
          ? 'The default, which nobody has changed yet'
          : ['Revision ' + String(now.revision), sayMoment(now), who(now)].filter(Boolean).join(', ')}
      </PageHead>
      {mayChange && edits.restored && edits.count > 0 && (
        <p className="restored" role="status">
          What you typed before is back.
        </p>
      )}
      <Strands
        model={now}
        standard={standard}
        measures={measures}
        away={away}
        fields={mayChange ? edits.shown : current}
        here={element.value}
        onChange={mayChange ? edits.change : undefined}
      />
      {mayChange && <SaveBar edits={edits} names={names} />}
      <Revisions
        opened={history.value !== undefined}
        onClose={history.close}
        names={names}
        onRead={(revision) => onRead(String(revision))}
      />
    </>
  );
}

function Past({ now, then, standard, measures, away, onClose }: Shared & { then: ImprovementModel; onClose: () => void }) {
  const session = useSession();
  const replace = useReplaceModel();
  const who = useWho();
  const fields = useFields(then, measures);
  const { run, busy, problem } = useAction();
  const name = then.revision === 0n ? 'The default' : `Revision ${then.revision}`;
  const restore = () =>
    run(async () => {
      await replace(now, then, `${name} is restored`);
      onClose();
    });
  return (
    <>
      <PageHead
        title={then.title}
        actions={
          <div className="model-actions">
            <Button className="no-print" variant="default" onClick={onClose}>
              As it is now
            </Button>
            {mayChangeModel(session) && (
              <Button className="no-print" leftSection={<UndoIcon size={20} />} loading={busy} onClick={() => void restore()}>
                Restore this
              </Button>
            )}
          </div>
        }
      >
        {[name, then.revision > 0n ? sayMoment(then) : '', who(then)].filter(Boolean).join(', ')}: as it was, not as it is now
      </PageHead>
      {problem}
      <Strands model={then} standard={standard} measures={measures} away={away} fields={fields} here={undefined} />
    </>
  );
}

function Strands(props: {
  model: ImprovementModel;
  standard: ImprovementModel;
  measures: Measures;
  away: string[];
  fields: Fields;
  here: string | undefined;
  onChange?: (key: string, text: string) => void;
}) {
  const { model, standard, measures, away, fields, here, onChange } = props;
  const [onlyOwn, setOnlyOwn] = useState(false);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const standards = new Map(elementsOf(standard).map((element) => [element.element, element]));
  const own = new Set(elementsOf(model).filter((element) => differs(element, standards.get(element.element))).map(({ element }) => element));
  for (const { measure } of model.agreedTargets) own.add(measure.slice(0, measure.indexOf('.')));
  const toggle = (element: string) =>
    setOpen((before) => {
      const next = new Set(before);
      if (!next.delete(element)) next.add(element);
      return next;
    });
  return (
    <>
      <div className="model-top no-print">
        <nav aria-label="Strands" className="model-jump">
          {model.strands.map(({ strand, title }, index) => (
            <a key={strand} href={`#strand-${strand}`}>
              <span className="element-number">{index + 1}</span> {title}
            </a>
          ))}
        </nav>
        <Checkbox
          className="model-check"
          label={`Only what differs from the default (${own.size} of ${elementsOf(model).length})`}
          checked={onlyOwn}
          onChange={(event) => setOnlyOwn(event.currentTarget.checked)}
        />
      </div>
      {onlyOwn && own.size === 0 && <Empty title="Nothing differs">The trust has the model as it comes.</Empty>}
      {model.strands.map(({ strand, title, elements }, index) => {
        const shown = elements.filter(({ element }) => !onlyOwn || own.has(element) || open.has(element));
        return shown.length === 0 ? null : (
          <section key={strand} className="model-strand" aria-labelledby={`strand-${strand}`}>
            <h2 id={`strand-${strand}`} className="section-title" tabIndex={-1}>
              <span className="element-number">{index + 1}</span> {title}
            </h2>
            <div className="model-elements">
              {shown.map((element) => (
                <ElementCard
                  key={element.element}
                  element={element}
                  standard={standards.get(element.element)}
                  own={own.has(element.element)}
                  measures={[...measures.values()].filter(({ element: of }) => of === element.element)}
                  away={away.includes(element.owner)}
                  fields={fields}
                  here={here === element.element}
                  open={onChange !== undefined && open.has(element.element)}
                  onToggle={onChange && (() => toggle(element.element))}
                  onChange={onChange ?? (() => undefined)}
                />
              ))}
            </div>
          </section>
        );
      })}
    </>
  );
}
