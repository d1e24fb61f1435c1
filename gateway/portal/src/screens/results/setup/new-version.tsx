// The next version of a scale: what changes in meaning is a version of its own, so that results keep theirs.
import { create } from '@bufbuild/protobuf';
import { FieldMaskSchema } from '@bufbuild/protobuf/wkt';
import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newRequestId } from '../../../api/ids';
import { useSession } from '../../../app/auth';
import { useClient } from '../../../app/services';
import { Scale_CodeSchema, Scale_Kind, type Framework, type Scale, type Scale_Code } from '../../../gen/fivestrand/assessment/v1/framework_pb';
import { FrameworkService } from '../../../gen/fivestrand/assessment/v1/framework_service_pb';
import { MEANINGS, meaningOf, nextVersion, onNewScale, readThousandths, sayThousandths } from '../../../model/scales';
import { useAction } from '../../../ui/action';
import { Form } from '../../../ui/form';
import { useToast } from '../../../ui/toast';

export function NewVersion(props: { scale: Scale; frameworks: Framework[]; onMade: (name: string) => void; onCancel: () => void }) {
  const { trust } = useSession();
  const client = useClient(FrameworkService);
  const queries = useQueryClient();
  const toast = useToast();
  const { run, busy, problem } = useAction();
  const [next, setNext] = useState(() => nextVersion(props.scale));
  const [moving, setMoving] = useState(props.frameworks.map(({ name }) => name));
  const numeric = next.kind === Scale_Kind.NUMERIC;
  const set = (fields: Partial<Scale>) => setNext({ ...next, ...fields });
  const setCode = (index: number, fields: Partial<Scale_Code>) => set({ codes: next.codes.map((code, at) => (at === index ? { ...code, ...fields } : code)) });

  const make = () =>
    run(async () => {
      const made = await client.createScale({ parent: trust, scale: { ...next, displayName: next.displayName.trim() }, requestId: newRequestId() });
      // One after another: a framework that somebody else is changing keeps the old version, and the list says which it uses.
      const left: string[] = [];
      for (const framework of props.frameworks.filter(({ name }) => moving.includes(name))) {
        await client
          .updateFramework({
            framework: { name: framework.name, etag: framework.etag, subjects: onNewScale(framework, props.scale.name, made.name) },
            updateMask: create(FieldMaskSchema, { paths: ['subjects'] }),
            requestId: newRequestId(),
          })
          .catch(() => left.push(framework.displayName));
      }
      await Promise.all(['scales', 'frameworks'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
      toast(
        left.length > 0
          ? { text: `Version ${made.version} is there; these still use the one before: ${left.join(', ')}`, tone: 'bad' }
          : { text: `Version ${made.version} of ${made.displayName}` },
      );
      props.onMade(made.name);
    });

  return (
    <Form
      noValidate
      onSubmit={(event) => {
        const wrong = event.currentTarget.querySelector<HTMLElement>('[aria-invalid=true]');
        if (wrong) wrong.focus();
        else void make();
      }}
    >
      <p className="as-of">Version {props.scale.version + 1}. Results that are there keep the version that they were made on. Windows that are made from now on use this one.</p>
      <TextInput label="Name" required maxLength={80} value={next.displayName} onChange={(event) => set({ displayName: event.currentTarget.value })} />
      <TextInput
        label="Where it comes from"
        description="With the year, for example the guidance that announced it."
        maxLength={200}
        value={next.source}
        onChange={(event) => set({ source: event.currentTarget.value })}
      />
      {numeric && (
        <div className="form-pair">
          <Thousandths label="Lowest score" value={next.minimumThousandths} onChange={(value) => set({ minimumThousandths: value ?? 0n })} />
          <Thousandths label="Highest score" value={next.maximumThousandths} onChange={(value) => set({ maximumThousandths: value ?? 0n })} />
          <Thousandths label="Expected from" optional value={next.standardThousandths} onChange={(standardThousandths) => set({ standardThousandths })} />
          <Thousandths label="Higher from" optional value={next.higherStandardThousandths} onChange={(higherStandardThousandths) => set({ higherStandardThousandths })} />
        </div>
      )}
      <fieldset>
        <legend>{numeric ? 'Codes for no score' : 'Codes'}</legend>
        {!numeric && <p className="as-of">The rank puts the codes in order: a higher one is a better result.</p>}
        {next.codes.map((code, index) => (
          <div className="code-row" key={index} role="group" aria-label={`Code ${code.code || index + 1}`}>
            <TextInput label="Code" maxLength={12} value={code.code} onChange={(event) => setCode(index, { code: event.currentTarget.value })} />
            <TextInput label="Label" maxLength={80} value={code.label} onChange={(event) => setCode(index, { label: event.currentTarget.value })} />
            <NativeSelect
              className="code-means"
              label="Means"
              value={meaningOf(code)}
              data={MEANINGS.filter(({ outside }) => outside || !numeric).map(({ label }) => label)}
              onChange={(event) => {
                const meaning = MEANINGS.find(({ label }) => label === event.currentTarget.value);
                if (!meaning) return;
                const { label: _label, ...fields } = meaning;
                setCode(index, meaning.outside ? { ...fields, rank: 0, pointsThousandths: undefined } : fields);
              }}
            />
            {!code.outside && (
              <TextInput
                label="Rank"
                inputMode="numeric"
                value={String(code.rank)}
                onChange={(event) => setCode(index, { rank: Math.min(1000, Number(event.currentTarget.value.replace(/\D/g, ''))) })}
              />
            )}
            {!code.outside && <Thousandths label="Points" optional value={code.pointsThousandths} onChange={(pointsThousandths) => setCode(index, { pointsThousandths })} />}
            <Button variant="subtle" color="red" px={8} aria-label={`Leave out ${code.code || 'this code'}`} onClick={() => set({ codes: next.codes.filter((_, at) => at !== index) })}>
              Leave out
            </Button>
          </div>
        ))}
      </fieldset>
      <Button
        variant="default"
        disabled={next.codes.length >= 100}
        onClick={() => set({ codes: [...next.codes, create(Scale_CodeSchema, numeric ? { outside: true } : { rank: Math.max(0, ...next.codes.map(({ rank }) => rank)) + 1 })] })}
      >
        Another code
      </Button>
      {props.frameworks.length > 0 && (
        <fieldset className="form">
          <legend>Frameworks that go over to it</legend>
          {props.frameworks.map(({ name, displayName }) => (
            <Checkbox key={name} className="tick-line" size="md" label={displayName} checked={moving.includes(name)} onChange={(event) => setMoving(event.currentTarget.checked ? [...moving, name] : moving.filter((each) => each !== name))} />
          ))}
        </fieldset>
      )}
      {problem}
      <div className="sheet-actions">
        <Button variant="default" onClick={props.onCancel}>
          Not now
        </Button>
        <Button type="submit" loading={busy} disabled={!next.displayName.trim() || next.codes.some(({ code }) => !code.trim())}>
          Make it
        </Button>
      </div>
    </Form>
  );
}

// A number with up to three places. What is no number stays in sight, and the form is not sent while it does.
function Thousandths(props: { label: string; value: bigint | undefined; optional?: boolean; onChange: (value: bigint | undefined) => void }) {
  const [text, setText] = useState(props.value === undefined ? '' : sayThousandths(props.value));
  const wrong = text.trim() === '' ? !props.optional : readThousandths(text) === undefined;
  return (
    <TextInput
      label={props.label}
      inputMode="decimal"
      value={text}
      error={wrong ? 'A number' : undefined}
      onChange={(event) => {
        const typed = event.currentTarget.value;
        setText(typed);
        if (typed.trim() === '' && props.optional) props.onChange(undefined);
        else if (readThousandths(typed) !== undefined) props.onChange(readThousandths(typed));
      }}
    />
  );
}
