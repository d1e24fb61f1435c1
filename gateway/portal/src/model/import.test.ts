import { describe, expect, it } from 'vitest';
import { ColumnMapping_Field as Field, ColumnMapping_Shape as Shape, ImportKind } from '../gen/fivestrand/assessment/v1/import_mapping_pb';
import { GroupMembership_Group as Group } from '../gen/fivestrand/assessment/v1/pupils_pb';
import { guess, headersOf, shapeOf, uploadPath } from './import';

const SUBJECTS = new Map([
  ['trusts/t/subjects/maths', 'Mathematics'],
  ['trusts/t/subjects/reading', 'Reading'],
]);
const fields = (headers: string[], kind: ImportKind) => guess(headers, kind, SUBJECTS).map(({ field }) => field);

describe('the first line of a file', () => {
  it.each([
    ['UPN,Surname,Forename\nA,b,c', ['UPN', 'Surname', 'Forename']],
    ['\uFEFFUPN;Name;Year\r\n', ['UPN', 'Name', 'Year']],
    ['UPN\tDate of birth\n', ['UPN', 'Date of birth']],
    ['"UPN","Result, in ""points""","Two\nlines"\nx', ['UPN', 'Result, in "points"', 'Two\nlines']],
    ['only one', ['only one']],
  ])('%j has %j', (text, headers) => {
    expect(headersOf(text)).toEqual(headers);
  });
});

describe('what columns mean', () => {
  it('is guessed from the headings of information systems', () => {
    expect(fields(['UPN', 'Legal Surname', 'Forename', 'DOB', 'Reg Form', 'NC Year', 'Bus route'], ImportKind.PUPILS)).toEqual([
      Field.UPN,
      Field.FAMILY_NAME,
      Field.GIVEN_NAME,
      Field.BIRTH_DATE,
      Field.SCHOOL_CLASS,
      Field.YEAR_GROUP,
      Field.FIELD_UNSPECIFIED,
    ]);
  });
  it('knows a subject by its name in a wide file of results', () => {
    const columns = guess(['UPN', 'Mathematics Aut1', 'Reading'], ImportKind.RESULTS, SUBJECTS);
    expect(columns.map(({ subject }) => subject)).toEqual(['', 'trusts/t/subjects/maths', 'trusts/t/subjects/reading']);
    expect(shapeOf(columns as never)).toBe(Shape.WIDE);
  });
  it('knows a long file by its one result', () => {
    const columns = guess(['UPN', 'Subject', 'Window', 'Grade'], ImportKind.RESULTS, SUBJECTS);
    expect(columns.map(({ field }) => field)).toEqual([Field.UPN, Field.SUBJECT, Field.WINDOW, Field.RESULT]);
    expect(shapeOf(columns as never)).toBe(Shape.LONG);
  });
  it('does not take a column of one kind for another', () => {
    expect(fields(['UPN', 'Result'], ImportKind.PUPILS)).toEqual([Field.UPN, Field.FIELD_UNSPECIFIED]);
    expect(guess(['Pupil Premium', 'SEN Status'], ImportKind.GROUPS, SUBJECTS)).toMatchObject([
      { field: Field.GROUP, group: Group.DISADVANTAGED },
      { field: Field.SEN_STATUS },
    ]);
  });
});

it('an upload says in its address what the file is, and nothing about a pupil', () => {
  const path = uploadPath({ trust: 'trusts/t', mapping: 'trusts/t/columnMappings/m', window: '', requestId: 'r', validateOnly: true, previewRows: 10 });
  expect(path).toBe(
    '/v1/trusts/t/assessmentImports?header.mapping=trusts%2Ft%2FcolumnMappings%2Fm&header.requestId=r&header.validateOnly=true&header.previewRows=10',
  );
});
