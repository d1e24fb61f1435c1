// How few pupils are few: the trust's threshold, which an administrator sets.
import { create } from '@bufbuild/protobuf';
import { FieldMaskSchema } from '@bufbuild/protobuf/wkt';
import { Button, NativeSelect } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newRequestId } from '../../../api/ids';
import { useSession } from '../../../app/auth';
import { useServices } from '../../../app/services';
import type { Trust } from '../../../gen/fivestrand/leadership/v1/organisation_pb';
import { maySetThreshold } from '../../../model/roles';
import { useAction } from '../../../ui/action';
import { Form } from '../../../ui/form';
import { Loading, PageHead, ProblemNote } from '../../../ui/parts';
import { useToast } from '../../../ui/toast';
import { useTrust } from './queries';

const DEFAULT = 6;
const LEAST = 3;
const MOST = 20;

export default function ThresholdScreen() {
  const sets = maySetThreshold(useSession());
  const trust = useTrust();
  return (
    <>
      <PageHead title="Small numbers">Figures that would be about persons are hidden from those who may not see the pupils.</PageHead>
      {trust.isPending && <Loading lines={3} />}
      {trust.isError && <ProblemNote error={trust.error} onRetry={() => void trust.refetch()} title="The trust" />}
      {trust.data && (
        <>
          <p>
            A figure about fewer than <strong>{trust.data.smallNumberThreshold || DEFAULT}</strong> pupils is hidden, and so is every figure from which one could be worked out.
            {trust.data.smallNumberThreshold === 0 && ' That is the usual number.'}
          </p>
          {sets ? <ThresholdForm key={trust.data.etag} trust={trust.data} /> : <p className="as-of">An administrator of the trust sets it.</p>}
        </>
      )}
    </>
  );
}

function ThresholdForm({ trust }: { trust: Trust }) {
  const { clients } = useServices();
  const queries = useQueryClient();
  const toast = useToast();
  const { run, busy, problem } = useAction();
  const [value, setValue] = useState(trust.smallNumberThreshold);
  const now = trust.smallNumberThreshold || DEFAULT;
  const then = value || DEFAULT;
  const save = () =>
    run(async () => {
      await clients.organisation.updateTrust({
        trust: { name: trust.name, etag: trust.etag, smallNumberThreshold: value },
        updateMask: create(FieldMaskSchema, { paths: ['small_number_threshold'] }),
        requestId: newRequestId(),
      });
      await Promise.all(['trust', 'analysis', 'scoreboard'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
      toast({ text: `Figures about fewer than ${then} pupils are hidden` });
    });
  return (
    <Form
      className="form threshold"
      noValidate
      onSubmit={() => {
        if (value !== trust.smallNumberThreshold) void save();
      }}
    >
      <NativeSelect
        label="Hide figures about fewer than"
        value={String(value)}
        data={[
          { value: '0', label: `${DEFAULT} pupils, as is usual` },
          ...Array.from({ length: MOST - LEAST + 1 }, (_, index) => ({ value: String(index + LEAST), label: `${index + LEAST} pupils` })),
        ]}
        onChange={(event) => setValue(Number(event.currentTarget.value))}
      />
      {then !== now && (
        <p className="problem-line" role="status">
          {then < now
            ? 'Lowering it shows more, at once and of past windows too. What somebody has seen by then cannot be hidden again.'
            : 'Raising it hides more from now on. Who kept figures of before can compare them with those of after.'}{' '}
          Set it once, before directors begin to look; a change stands in the audit trail.
        </p>
      )}
      {problem}
      <Button type="submit" loading={busy} disabled={value === trust.smallNumberThreshold}>
        {then < now ? `Show figures from ${then} pupils on` : 'Save'}
      </Button>
    </Form>
  );
}
