// Bringing a file in: choose it, say once what its columns mean, look at it as it was understood, then write all of it or nothing.
import { create } from '@bufbuild/protobuf';
import { Alert, Button, FileInput, NativeSelect, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newRequestId } from '../../api/ids';
import { useSession } from '../../app/auth';
import { allPages, useSubjects } from '../../app/queries';
import { useClient } from '../../app/services';
import {
  ColumnMapping_Field as Field,
  ColumnMappingSchema,
  ImportKind,
  type ColumnMapping,
} from '../../gen/fivestrand/assessment/v1/import_mapping_pb';
import { ImportService, type ImportAssessmentResponse } from '../../gen/fivestrand/assessment/v1/import_service_pb';
import { GroupMembership_Group as Group } from '../../gen/fivestrand/assessment/v1/pupils_pb';
import { FIELD_WORDS, fieldsOf, guess, headersOf, shapeOf, type Guess } from '../../model/import';
import { useAction } from '../../ui/action';
import { PageHead, TableHead } from '../../ui/parts';
import { ImportAnswer } from './import-answer';
import { UploadProgress, useUpload } from './upload';
import { useWindows } from './queries';

const KINDS = [
  { value: ImportKind.RESULTS, label: 'Results' },
  { value: ImportKind.PUPILS, label: 'Pupils' },
  { value: ImportKind.GROUPS, label: 'Pupil groups' },
];
const NEW = 'new';
const PREVIEW_ROWS = 8;
// Enough for the first line of the widest file.
const HEAD_BYTES = 64 * 1024;

export default function ImportScreen() {
  const session = useSession();
  const client = useClient(ImportService);
  const queries = useQueryClient();
  const subjects = useSubjects();
  const { windows } = useWindows();
  const [kind, setKind] = useState(ImportKind.RESULTS);
  const [file, setFile] = useState<File | null>(null);
  const [chosen, setChosen] = useState('');
  const [window, setWindow] = useState('');
  const [columns, setColumns] = useState<Guess[]>([]);
  const [title, setTitle] = useState('');
  const [preview, setPreview] = useState<ImportAssessmentResponse | undefined>();
  const [written, setWritten] = useState<ImportAssessmentResponse | undefined>();
  const { run, busy, problem } = useAction();
  const upload = useUpload();

  const saved = useQuery({
    queryKey: ['mappings', session.trust],
    queryFn: ({ signal }) =>
      allPages<ColumnMapping>(400, async (pageToken) => {
        const answer = await client.listColumnMappings({ parent: session.trust, pageSize: 200, pageToken, orderBy: 'display_name' }, { signal });
        return { items: answer.columnMappings, next: answer.nextPageToken };
      }),
  });
  const mappings = (saved.data ?? []).filter((mapping) => mapping.kind === kind);
  const mapping = mappings.find(({ name }) => name === chosen);
  const isNew = !mapping;
  const forget = () => {
    setPreview(undefined);
    setWritten(undefined);
  };
  const readHead = async (next: File | null, nextKind: ImportKind) => {
    setFile(next);
    forget();
    setColumns(next ? guess(headersOf(await next.slice(0, HEAD_BYTES).text()), nextKind, subjects) : []);
  };
  const send = (name: string, validateOnly: boolean) =>
    upload.send(file as File, { trust: session.trust, mapping: name, window, requestId: newRequestId(), validateOnly, previewRows: validateOnly ? PREVIEW_ROWS : 0 });

  const look = () =>
    run(async () => {
      let name = mapping?.name ?? '';
      if (isNew) {
        const used = columns.filter(({ field }) => field !== Field.FIELD_UNSPECIFIED);
        const made = await client.createColumnMapping({
          parent: session.trust,
          columnMapping: create(ColumnMappingSchema, {
            displayName: title.trim() || (file?.name ?? 'File'),
            kind,
            shape: shapeOf(used as never),
            columns: used.map(({ header, field, group, subject }) => ({ header, field, group, subject })),
          }),
          requestId: newRequestId(),
        });
        name = made.name;
        await queries.invalidateQueries({ queryKey: ['mappings'] });
        setChosen(name);
      }
      setWritten(undefined);
      setPreview(await send(name, true));
    });
  const write = () =>
    run(async () => {
      if (!mapping) return;
      setWritten(await send(mapping.name, false));
      setPreview(undefined);
      await queries.invalidateQueries({ queryKey: ['analysis'] });
    });

  return (
    <>
      <PageHead title="Import">A CSV file as your information system writes it. All rows are taken or none; the same file twice changes nothing.</PageHead>
      <div className="question">
        <NativeSelect
          label="What the file holds"
          value={String(kind)}
          data={KINDS.map(({ value, label }) => ({ value: String(value), label }))}
          onChange={(event) => {
            const next = Number(event.currentTarget.value) as ImportKind;
            setKind(next);
            setChosen('');
            void readHead(file, next);
          }}
        />
        <FileInput label="File" placeholder="Choose a file" accept=".csv,.txt,.tsv,text/csv" clearable value={file} onChange={(next) => void readHead(next, kind)} />
        <NativeSelect
          label="Columns as saved"
          value={mapping ? chosen : NEW}
          data={[{ value: NEW, label: 'Say it now' }, ...mappings.map(({ name, displayName }) => ({ value: name, label: displayName }))]}
          onChange={(event) => {
            setChosen(event.currentTarget.value === NEW ? '' : event.currentTarget.value);
            forget();
          }}
        />
        {kind === ImportKind.RESULTS && (
          <NativeSelect
            label="Window, where the file names none"
            value={window}
            data={[{ value: '', label: 'The file names it' }, ...windows.map(({ name, displayName, academicYear }) => ({ value: name, label: `${displayName} ${academicYear}` }))]}
            onChange={(event) => {
              setWindow(event.currentTarget.value);
              forget();
            }}
          />
        )}
      </div>
      {file && isNew && (
        <Mapping kind={kind} columns={columns} subjects={subjects} title={title} onTitle={setTitle} onChange={setColumns} fileName={file.name} />
      )}
      {problem}
      {upload.state && <UploadProgress state={upload.state} onCancel={upload.cancel} />}
      {file && (
        <div className="answer-ways">
          <Button variant={preview && preview.problemCount === 0 ? 'default' : 'filled'} loading={busy} onClick={() => void look()}>
            Look at it first
          </Button>
          {preview && preview.problemCount === 0 && (
            <Button loading={busy} onClick={() => void write()}>
              Write {preview.rowCount.toLocaleString('en-GB')} rows
            </Button>
          )}
        </div>
      )}
      {preview && <ImportAnswer answer={preview} />}
      {written && (
        <>
          {written.written && (
            <Alert role="status" color="accent" variant="light" title="Written">
              {written.createdCount.toLocaleString('en-GB')} new, {written.updatedCount.toLocaleString('en-GB')} changed,{' '}
              {written.unchangedCount.toLocaleString('en-GB')} as they were.
            </Alert>
          )}
          {!written.written && <ImportAnswer answer={written} />}
        </>
      )}
    </>
  );
}

const GROUPS = Object.entries(Group).filter((entry): entry is [string, Group] => typeof entry[1] === 'number' && entry[1] > 0);

function Mapping(props: {
  kind: ImportKind;
  columns: Guess[];
  subjects: Map<string, string>;
  title: string;
  fileName: string;
  onTitle: (title: string) => void;
  onChange: (columns: Guess[]) => void;
}) {
  const { columns, kind } = props;
  const change = (index: number, fields: Partial<Guess>) => props.onChange(columns.map((column, at) => (at === index ? { ...column, ...fields } : column)));
  return (
    <section aria-labelledby="mapping-title">
      <h2 id="mapping-title" className="section-title">
        What its columns mean
      </h2>
      <TextInput
        label="Name of this mapping"
        description="Saved for the next file from the same place."
        placeholder={props.fileName}
        maxLength={80}
        value={props.title}
        onChange={(event) => props.onTitle(event.currentTarget.value)}
      />
      <table className="numbers mapping">
        <caption className="sr-only">Columns of the file</caption>
        <TableHead left={['Column', 'Meaning', 'Which']} />
        <tbody>
          {columns.map((column, index) => (
            <tr key={index}>
              <th scope="row">{column.header || `Column ${index + 1}`}</th>
              <td>
                <NativeSelect
                  aria-label={`Meaning of ${column.header}`}
                  value={String(column.field)}
                  data={[Field.FIELD_UNSPECIFIED, ...fieldsOf(kind)].map((field) => ({ value: String(field), label: FIELD_WORDS[field] }))}
                  onChange={(event) => change(index, { field: Number(event.currentTarget.value) as Field })}
                />
              </td>
              <td>
                {kind === ImportKind.RESULTS && column.field === Field.RESULT && (
                  <NativeSelect
                    aria-label={`Subject of ${column.header}`}
                    value={column.subject}
                    data={[{ value: '', label: 'Another column says it' }, ...[...props.subjects].map(([value, label]) => ({ value, label }))]}
                    onChange={(event) => change(index, { subject: event.currentTarget.value })}
                  />
                )}
                {kind === ImportKind.GROUPS && column.field === Field.GROUP && (
                  <NativeSelect
                    aria-label={`Group of ${column.header}`}
                    value={String(column.group)}
                    data={[{ value: '0', label: 'The cell says it' }, ...GROUPS.map(([name, value]) => ({ value: String(value), label: name.replaceAll('_', ' ').toLowerCase() }))]}
                    onChange={(event) => change(index, { group: Number(event.currentTarget.value) as Group })}
                  />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
