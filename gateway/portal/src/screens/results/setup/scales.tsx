// Scales with their versions and what each outcome means, and the frameworks that use them.
import { useParam } from '../../../app/hooks';
import { useSession } from '../../../app/auth';
import { idOf } from '../../../api/names';
import { Scale_Kind } from '../../../gen/fivestrand/assessment/v1/framework_pb';
import { mayKeepPupils } from '../../../model/roles';
import { awaitsStandard, sayRange, SCALE_STAGES, usersOf, versionsOf } from '../../../model/scales';
import { Empty, Loading, PageHead, ProblemNote } from '../../../ui/parts';
import { ListRow } from '../../../ui/list-row';
import { Sheet } from '../../../ui/sheet';
import { AssessedTable } from './assessed-table';
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
          <ListRow key={newest.name} title={newest.displayName} onOpen={() => opened.open(idOf(newest.name))}>
            {[
              SCALE_STAGES[newest.stage],
              `version ${newest.version}`,
              earlier.length > 0 && `${earlier.length} earlier`,
              newest.kind === Scale_Kind.NUMERIC ? sayRange(newest) : `${newest.codes.length} codes`,
              keeps && awaitsStandard(newest) && 'no threshold yet',
            ]
              .filter(Boolean)
              .join(' · ')}
          </ListRow>
        ))}
      </ul>
      <h2 className="section-title">Frameworks</h2>
      {frameworks.isError && <ProblemNote error={frameworks.error} onRetry={() => void frameworks.refetch()} title="Frameworks" />}
      {frameworks.data?.length === 0 && <Empty title="No frameworks yet" />}
      {frameworks.data?.map(({ name, displayName, subjects }) => (
        <details key={name} className="framework">
          <summary>
            {displayName} <small>{subjects.length === 1 ? '1 subject' : `${subjects.length} subjects`}</small>
          </summary>
          <AssessedTable caption={`${displayName}: what is assessed`} lines={subjects} />
        </details>
      ))}
      <Sheet opened={scale !== undefined} onClose={opened.close} title={scale?.displayName ?? ''} wide>
        {scale && (
          <ScaleSheet
            key={scale.name}
            scale={scale}
            earlier={versionsOf(all).find(({ newest }) => newest.name === scale.name)?.earlier}
            frameworks={frameworks.data && usersOf(scale.name, frameworks.data)}
            keeps={keeps}
            onOpen={(name) => opened.open(idOf(name))}
          />
        )}
      </Sheet>
    </>
  );
}
