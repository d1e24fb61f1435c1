// The saved mappings of files: what their columns mean; renaming and removing them.
import { create } from '@bufbuild/protobuf';
import { FieldMaskSchema } from '@bufbuild/protobuf/wkt';
import { Button, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { newRequestId } from '../../../api/ids';
import { idOf } from '../../../api/names';
import { useParam } from '../../../app/hooks';
import { nameIn, useSubjects } from '../../../app/queries';
import { useClient } from '../../../app/services';
import { ColumnMapping_Shape as Shape, ImportKind, type ColumnMapping } from '../../../gen/fivestrand/assessment/v1/import_mapping_pb';
import { ImportService } from '../../../gen/fivestrand/assessment/v1/import_service_pb';
import { GROUP_WORDS } from '../../../model/groups';
import { FIELD_WORDS } from '../../../model/import';
import { useAction } from '../../../ui/action';
import { Form } from '../../../ui/form';
import { Empty, Loading, PageHead, ProblemNote, TableHead } from '../../../ui/parts';
import { ListRow } from '../../../ui/list-row';
import { useRemoval } from '../../../ui/removal';
import { Sheet } from '../../../ui/sheet';
import { useToast } from '../../../ui/toast';
import { useWindows } from '../queries';
import { useMappings } from './queries';

const KINDS: Record<ImportKind, string> = {
  [ImportKind.IMPORT_KIND_UNSPECIFIED]: '',
  [ImportKind.PUPILS]: 'Pupils',
  [ImportKind.GROUPS]: 'Pupil groups',
  [ImportKind.RESULTS]: 'Results',
};

export default function MappingsScreen() {
  const mappings = useMappings();
  const opened = useParam('mapping');
  const mapping = mappings.data?.find(({ name }) => idOf(name) === opened.value);
  return (
    <>
      <PageHead title="Column mappings">What the columns of a file mean, saved for the next file from the same place.</PageHead>
      {mappings.isPending && <Loading lines={5} />}
      {mappings.isError && <ProblemNote error={mappings.error} onRetry={() => void mappings.refetch()} title="Mappings" />}
      {mappings.data?.length === 0 && (
        <Empty title="None saved yet">
          A mapping is made with the first file of its kind. <Link href="/results/import">Import a file</Link>
        </Empty>
      )}
      <ul className="record-list">
        {mappings.data?.map((each) => (
          <ListRow key={each.name} title={each.displayName} onOpen={() => opened.open(idOf(each.name))}>
            {[
              KINDS[each.kind],
              each.shape === Shape.WIDE ? 'a row for each pupil' : 'a row for each value',
              each.columns.length === 1 ? '1 column' : `${each.columns.length} columns`,
            ].join(' · ')}
          </ListRow>
        ))}
      </ul>
      <Sheet opened={mapping !== undefined} onClose={opened.close} title={mapping?.displayName ?? ''}>
        {mapping && <MappingSheet key={mapping.etag} mapping={mapping} onDone={opened.close} />}
      </Sheet>
    </>
  );
}

function MappingSheet({ mapping, onDone }: { mapping: ColumnMapping; onDone: () => void }) {
  const client = useClient(ImportService);
  const queries = useQueryClient();
  const toast = useToast();
  const removeWithUndo = useRemoval();
  const subjects = useSubjects();
  const { windows } = useWindows();
  const { run, busy, problem } = useAction();
  const [title, setTitle] = useState(mapping.displayName);
  const refetch = () => queries.invalidateQueries({ queryKey: ['mappings'] });
  const rename = () =>
    run(async () => {
      await client.updateColumnMapping({
        columnMapping: { name: mapping.name, etag: mapping.etag, displayName: title.trim() },
        updateMask: create(FieldMaskSchema, { paths: ['display_name'] }),
        requestId: newRequestId(),
      });
      await refetch();
      toast({ text: 'Renamed' });
      onDone();
    });
  const remove = () =>
    run(async () => {
      await removeWithUndo({
        text: `Removed: ${mapping.displayName}`,
        remove: () => client.deleteColumnMapping({ name: mapping.name, requestId: newRequestId() }),
        bringBack: () => client.undeleteColumnMapping({ name: mapping.name, requestId: newRequestId() }),
        refetch,
      });
      onDone();
    });
  return (
    <Form
      noValidate
      onSubmit={() => {
        if (title.trim() && title.trim() !== mapping.displayName) void rename();
      }}
    >
      {problem}
      <TextInput label="Name" required maxLength={80} value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
      <Button type="submit" loading={busy} disabled={!title.trim() || title.trim() === mapping.displayName}>
        Rename
      </Button>
      <table className="numbers">
        <caption>Columns</caption>
        <TableHead left={['Column', 'Meaning']} />
        <tbody>
          {mapping.columns.map((column) => (
            <tr key={column.header}>
              <th scope="row">{column.header}</th>
              <td>
                {[
                  FIELD_WORDS[column.field],
                  column.subject && nameIn(subjects, column.subject),
                  column.window && (windows.find(({ name }) => name === column.window)?.displayName ?? idOf(column.window)),
                  GROUP_WORDS[column.group],
                ]
                  .filter(Boolean)
                  .join(', ')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {mapping.aliases.length > 0 && (
        <table className="numbers">
          <caption>Texts that stand for others</caption>
          <tbody>
            {mapping.aliases.map(({ text, means, field }) => (
              <tr key={`${field} ${text}`}>
                <th scope="row">{text}</th>
                <td>{means}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Button variant="subtle" color="red" loading={busy} onClick={() => void remove()}>
        Remove this mapping
      </Button>
    </Form>
  );
}
