// An opened element: every figure of it, by part of the school where there are parts, and what is open about it.
import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { idOf } from '../../api/names';
import { useSession } from '../../app/auth';
import { useSubjects } from '../../app/queries';
import { NoValueReason, type MeasureSummary } from '../../gen/fivestrand/evidence/v1/evidence_pb';
import type { ElementStanding } from '../../gen/fivestrand/leadership/v1/improvement_service_pb';
import type { ModelElement } from '../../gen/fivestrand/leadership/v1/model_pb';
import { coverageReach, mayReadConcerns, mayReadModel } from '../../model/roles';
import { NO_VALUE, STAGE_WORDS, sayCut } from '../../model/words';
import { ConcernIcon } from '../../ui/icons';
import { Empty } from '../../ui/parts';
import { CoverageMap } from './coverage';
import { MeasureTile } from './tile';

export function ElementDetail(props: {
  element: ModelElement;
  standing: ElementStanding | undefined;
  school: string;
  onClose: () => void;
}) {
  const { element, standing, school } = props;
  const session = useSession();
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Newer browsers return a promise, which is no clean-up.
    void head.current?.scrollIntoView({ block: 'start' });
  }, []);
  const measures = standing?.measures ?? [];
  const reason = NO_VALUE[standing?.noValueReason || NoValueReason.NOT_KEPT_YET];
  const concerns = standing?.openConcerns ?? 0;
  return (
    <section className="element" aria-labelledby="element-title">
      <div className="element-head">
        <h2 id="element-title" className="element-title" ref={head} tabIndex={-1}>
          <span className="element-number">{element.number}</span> {element.title}
        </h2>
        <Button className="no-print" variant="default" size="sm" h={44} onClick={props.onClose}>
          Close
        </Button>
      </div>
      {element.statement && <p>{element.statement}</p>}
      {element.stage > 0 && <p className="as-of">In the trust’s own judgement: {STAGE_WORDS[element.stage].toLowerCase()}.</p>}
      {concerns > 0 && mayReadConcerns(session) && (
        <p>
          <Link href={`/concerns?school=${idOf(school)}&element=${element.element}`} className="concern-link">
            <ConcernIcon size={18} /> {concerns === 1 ? '1 open concern' : `${concerns} open concerns`}
          </Link>
        </p>
      )}
      {mayReadModel(session) && (
        <p className="no-print">
          <Link href={`/model?element=${element.element}`} className="model-link">
            What the trust holds this to
          </Link>
        </p>
      )}
      {measures.length === 0 && <Empty title={reason.title}>{reason.advice}</Empty>}
      <div className="tiles">
        {measures.map((summary) => (
          <Figure key={keyOf(summary)} summary={summary} school={school} />
        ))}
      </div>
      {element.element === 'visible-headteacher' && <CoverageMap school={school} reach={coverageReach(session, school)} />}
    </section>
  );
}

function keyOf(summary: MeasureSummary): string {
  const cut = summary.latest?.cut;
  return [summary.measure?.measure, cut?.subject, cut?.yearGroup, cut?.group, cut?.schoolClass].join(' ');
}

function Figure({ summary, school }: { summary: MeasureSummary; school: string }) {
  const subjects = useSubjects();
  return (
    <MeasureTile summary={summary} school={school} part={sayCut(summary.latest?.cut, (subject) => subjects.get(subject) ?? idOf(subject))} />
  );
}
