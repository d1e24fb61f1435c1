// Scales with their versions and what each outcome means, and the frameworks that use them.
import { useParam } from '../../../app/hooks';
import { useSession } from '../../../app/auth';
import { nameIn, useSubjects } from '../../../app/queries';
import { idOf } from '../../../api/names';
import { Scale_Kind, type Framework, type Scale } from '../../../gen/fivestrand/assessment/v1/framework_pb';
import { mayKeepPupils } from '../../../model/roles';
import { awaitsStandard, sayRange, STAGE_WORDS, usersOf, versionsOf } from '../../../model/scales';
import { sayYearGroups } from '../../../model/windows';
import { ChevronIcon } from '../../../ui/icons';
import { Empty, Loading, PageHead, ProblemNote } from '../../../ui/parts';
import { Sheet } from '../../../ui/sheet';
import { useFrameworks, useScales } from './queries';
import { ScaleSheet } from './scale-sheet';

export default function ScalesScreen() {
  const keeps = mayKeepPupils(useSession());
  const scales = useScales();
  const frameworks = useFrameworks();
  const opened = useParam('scale');
  const all = scales.data ?? [];
  const scale = all.find(({ name }) => idOf(name) === opened.value);
  return (
    <>
      <PageHead title="Scales and frameworks">A result keeps the meaning of the version that it was made on.</PageHead>
      {scales.isPending && <Loading lines={6} />}
      {scales.isError && <ProblemNote error={scales.error} onRetry={() => void scales.refetch()} title="Scales" />}
      <h2 className="section-title">Scales</h2>
      {scales.data?.length === 0 && <Empty title="No scales yet" />}
      <ul className="record-list">
        {versionsOf(all).map(({ newest, earlier }) => (
          <li className="record" key={newest.name}>
            <button type="button" className="record-open" onClick={() => opened.open(idOf(newest.name))}>
              <span className="record-what">
                <strong>{newest.displayName}</strong>
                <small>
                  {[
                    STAGE_WORDS[newest.stage],
                    `version ${newest.version}`,
                    earlier.length === 1 ? '1 earlier' : earlier.length > 1 && `${earlier.length} earlier`,
                    newest.kind === Scale_Kind.NUMERIC ? sayRange(newest) : `${newest.codes.length} codes`,
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                  {keeps && awaitsStandard(newest) && ' · no threshold yet'}
                </small>
              </span>
              <ChevronIcon size={18} className="record-chevron" />
            </button>
          </li>
        ))}
      </ul>
      <h2 className="section-title">Frameworks</h2>
      {frameworks.isError && <ProblemNote error={frameworks.error} onRetry={() => void frameworks.refetch()} title="Frameworks" />}
      {frameworks.data?.length === 0 && <Empty title="No frameworks yet" />}
      {frameworks.data?.map((framework) => <FrameworkTable key={framework.name} framework={framework} scales={all} />)}
      <Sheet opened={scale !== undefined} onClose={opened.close} title={scale?.displayName ?? ''} wide>
        {scale && (
          <ScaleSheet
            key={scale.name}
            scale={scale}
            earlier={versionsOf(all).find(({ newest }) => newest.name === scale.name)?.earlier ?? []}
            frameworks={usersOf(scale.name, frameworks.data ?? [])}
            keeps={keeps}
            onOpen={(name) => opened.open(idOf(name))}
          />
        )}
      </Sheet>
    </>
  );
}

function FrameworkTable({ framework, scales }: { framework: Framework; scales: Scale[] }) {
  const subjects = useSubjects();
  return (
    <details className="framework">
      <summary>
        {framework.displayName} <small>{framework.subjects.length === 1 ? '1 subject' : `${framework.subjects.length} subjects`}</small>
      </summary>
      <table className="numbers">
        <caption className="sr-only">{framework.displayName}</caption>
        <thead>
          <tr>
            <th scope="col">Subject</th>
            <th scope="col">Scale</th>
            <th scope="col">Years</th>
          </tr>
        </thead>
        <tbody>
          {framework.subjects.map((line) => {
            const scale = scales.find(({ name }) => name === line.scale);
            return (
              <tr key={`${line.subject} ${line.scale}`}>
                <th scope="row">{nameIn(subjects, line.subject)}</th>
                <td>{scale ? `${scale.displayName}, version ${scale.version}` : idOf(line.scale)}</td>
                <td>{sayYearGroups(line.yearGroups)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </details>
  );
}
