// One version of a scale: what its outcomes mean, a threshold that is announced late, and the version to come.
import { create } from '@bufbuild/protobuf';
import { FieldMaskSchema } from '@bufbuild/protobuf/wkt';
import { Button, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newRequestId } from '../../../api/ids';
import { useClient } from '../../../app/services';
import { Scale_Kind, type Framework, type Scale } from '../../../gen/fivestrand/assessment/v1/framework_pb';
import { FrameworkService } from '../../../gen/fivestrand/assessment/v1/framework_service_pb';
import { awaitsStandard, meaningOf, readThousandths, sayRange, SCALE_STAGES, sayThousandths } from '../../../model/scales';
import { useAction } from '../../../ui/action';
import { Form } from '../../../ui/form';
import { TableHead } from '../../../ui/parts';
import { useToast } from '../../../ui/toast';
import { NewVersion } from './new-version';

interface Props {
  scale: Scale;
  // The versions before it; absent for one that has a newer version.
  earlier?: Scale[];
  // Those that use it; absent while that is not known.
  frameworks?: Framework[];
  keeps: boolean;
  onOpen: (name: string) => void;
}

export function ScaleSheet({ scale, earlier, frameworks, keeps, onOpen }: Props) {
  const [making, setMaking] = useState(false);
  const numeric = scale.kind === Scale_Kind.NUMERIC;
  if (keeps && making && frameworks) return <NewVersion scale={scale} frameworks={frameworks} onMade={onOpen} onCancel={() => setMaking(false)} />;
  return (
    <div className="form">
      <dl className="facts">
        <div>
          <dt>Stage and version</dt>
          <dd>
            {SCALE_STAGES[scale.stage]}, version {scale.version}
          </dd>
        </div>
        {numeric && (
          <div>
            <dt>Scores</dt>
            <dd>{sayRange(scale)}</dd>
          </div>
        )}
        {numeric && (
          <div>
            <dt>Standards</dt>
            <dd>
              {scale.standardThousandths === undefined ? 'No expected standard set' : `Expected from ${sayThousandths(scale.standardThousandths)}`}
              {scale.higherStandardThousandths !== undefined && `, higher from ${sayThousandths(scale.higherStandardThousandths)}`}
            </dd>
          </div>
        )}
        {scale.source && (
          <div>
            <dt>Where it comes from</dt>
            <dd>{scale.source}</dd>
          </div>
        )}
        <div>
          <dt>Used by</dt>
          <dd>{frameworks ? frameworks.map(({ displayName }) => displayName).join(', ') || 'no framework' : '…'}</dd>
        </div>
      </dl>
      {keeps && awaitsStandard(scale) && <Announce scale={scale} />}
      {scale.codes.length > 0 && <Codes scale={scale} />}
      {earlier && earlier.length > 0 && (
        <section aria-labelledby="earlier-title">
          <h2 id="earlier-title" className="section-title">
            Earlier versions
          </h2>
          <ul>
            {earlier.map((each) => (
              <li key={each.name}>
                <button type="button" className="text-button" onClick={() => onOpen(each.name)}>
                  Version {each.version}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {!earlier && <p className="as-of">There is a newer version of this scale.</p>}
      {keeps && earlier && (
        <Button variant="default" disabled={!frameworks} onClick={() => setMaking(true)}>
          Make a new version
        </Button>
      )}
    </div>
  );
}

function Codes({ scale }: { scale: Scale }) {
  const points = scale.codes.some(({ pointsThousandths }) => pointsThousandths !== undefined);
  return (
    <div className="grid-scroll" tabIndex={0} role="region" aria-label="Codes of the scale">
      <table className="numbers">
        <caption>{scale.kind === Scale_Kind.NUMERIC ? 'Codes for no score' : 'Codes, the best first'}</caption>
        <TableHead left={['Code', 'Label', 'Means']} right={points ? ['Points'] : []} />
        <tbody>
          {[...scale.codes]
            .sort((a, b) => Number(a.outside) - Number(b.outside) || b.rank - a.rank)
            .map((code) => (
              <tr key={code.code}>
                <th scope="row">{code.code}</th>
                <td>{code.label}</td>
                <td>{meaningOf(code)}</td>
                {points && <td className="right">{code.pointsThousandths === undefined ? '–' : sayThousandths(code.pointsThousandths)}</td>}
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}

// The threshold of a year, when it is known. Once results are there it stays as it was set.
function Announce({ scale }: { scale: Scale }) {
  const client = useClient(FrameworkService);
  const queries = useQueryClient();
  const toast = useToast();
  const { run, busy, problem } = useAction();
  const [text, setText] = useState('');
  const value = readThousandths(text);
  const onScale = value !== undefined && value >= scale.minimumThousandths && value <= scale.maximumThousandths;
  return (
    <Form
      className="plan-row"
      noValidate
      onSubmit={() => {
        if (!onScale) return;
        void run(async () => {
          await client.updateScale({
            scale: { name: scale.name, etag: scale.etag, standardThousandths: value },
            updateMask: create(FieldMaskSchema, { paths: ['standard_thousandths'] }),
            requestId: newRequestId(),
          });
          await Promise.all(['scales', 'analysis'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
          toast({ text: `The threshold of ${scale.displayName} is ${sayThousandths(value)}` });
        });
      }}
    >
      <TextInput
        label="Threshold of the expected standard"
        description="Set it when it is announced. Until then no result counts as at the standard; then all do that reach it. With results there it can be set once."
        inputMode="decimal"
        value={text}
        error={text && !onScale ? `A number of the scale: ${sayRange(scale)}` : undefined}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {problem}
      <Button type="submit" loading={busy} disabled={!onScale}>
        Set the threshold
      </Button>
    </Form>
  );
}
