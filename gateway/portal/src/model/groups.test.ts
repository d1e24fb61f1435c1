import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import type { Session } from '../api/session';
import { GroupMembership_Group as Group, GroupMembershipSchema, PupilSchema } from '../gen/fivestrand/assessment/v1/pupils_pb';
import { toProtoDate } from './dates';
import { faultOf, GROUP_WORDS, holdsOn, sayDetail, writableGroups } from './groups';
import { filterFor, likeliestFirst, sayMerge } from './pupils';

const north = 'trusts/acorn/schools/north';
const session = (role: string, schools: string[] = []) => ({ grants: [{ role, schools }], schools: [] }) as unknown as Session;
const membership = (group: Group, from: string, to = '', detail = '') =>
  create(GroupMembershipSchema, { group, detail, startDate: toProtoDate(from), endDate: to ? toProtoDate(to) : undefined });

test('who writes which groups', () => {
  expect(writableGroups(session('DATA_LEAD'), north)).toHaveLength(12);
  expect(writableGroups(session('SENDCO', ['north']), north)).toEqual([Group.SEN_SUPPORT, Group.EHCP]);
  expect(writableGroups(session('SENDCO', ['south']), north)).toEqual([]);
  expect(writableGroups(session('SEND_LEAD'), north)).toEqual([Group.SEN_SUPPORT, Group.EHCP]);
  for (const role of ['TEACHER', 'HEADTEACHER', 'CEO', 'DIRECTOR', 'ADMINISTRATOR']) expect(writableGroups(session(role), north)).toEqual([]);
});

test('a membership holds from its first to its last day', () => {
  const support = membership(Group.SEN_SUPPORT, '2026-09-01', '2026-12-18');
  expect(holdsOn(support, '2026-08-31')).toBe(false);
  expect(holdsOn(support, '2026-09-01')).toBe(true);
  expect(holdsOn(support, '2026-12-18')).toBe(true);
  expect(holdsOn(support, '2026-12-19')).toBe(false);
  expect(holdsOn(membership(Group.EHCP, '2026-09-01'), '2030-01-01')).toBe(true);
});

test('what stands against adding one', () => {
  const others = [membership(Group.SEN_SUPPORT, '2025-09-01', '2026-07-22', 'ASD'), membership(Group.EHCP, '2026-09-01')];
  const fault = (group: Group, start: string, end = '', detail = '') => faultOf(group, detail, start, end, others);
  expect(fault(Group.SEN_SUPPORT, '2026-09-01', '', 'ASD')).toBe('');
  expect(fault(Group.SEN_SUPPORT, '2026-07-22', '', 'ASD')).not.toBe('');
  expect(fault(Group.SEN_SUPPORT, '2026-07-22', '', 'MLD')).toBe('');
  expect(fault(Group.EHCP, '2020-09-01', '2026-08-31')).toBe('');
  expect(fault(Group.EHCP, '2020-09-01')).not.toBe('');
  expect(fault(Group.SEN_SUPPORT, '')).not.toBe('');
  expect(fault(Group.SEN_SUPPORT, '2026-09-02', '2026-09-01')).not.toBe('');
  expect(fault(Group.ETHNICITY, '2026-09-01')).not.toBe('');
  expect(fault(Group.ETHNICITY, '2026-09-01', '', 'WBRI')).toBe('');
});

test('words for groups and needs', () => {
  expect(Object.values(Group).filter((value): value is Group => typeof value === 'number' && value > 0).every((group) => GROUP_WORDS[group] !== '')).toBe(true);
  expect(sayDetail({ group: Group.SEN_SUPPORT, detail: 'SLCN' })).toBe('Speech, language and communication');
  expect(sayDetail({ group: Group.ETHNICITY, detail: 'WBRI' })).toBe('WBRI');
  expect(sayDetail({ group: Group.EHCP, detail: '' })).toBe('');
});

test('looking for the other record', () => {
  expect(filterFor('family_name', ' ')).toBe('');
  expect(filterFor('family_name', ' O"Neil ')).toBe('family_name = "O\\"Neil"');
  expect(filterFor('upn', 'p2070000 16049')).toBe('upn = "P207000016049"');
  expect(filterFor('upn', 'P2070')).toBe('');
});

test('who is likelier to be the same child comes first', () => {
  const pupil = (name: string, givenName: string, birthDate: string, yearGroup = 5) => create(PupilSchema, { name, givenName, birthDate: toProtoDate(birthDate), yearGroup });
  const others = [pupil('a', 'Zoe', '2016-01-01', 3), pupil('b', 'Zoe', '2016-01-01'), pupil('c', 'amina', '2015-05-05', 3), pupil('d', 'Amina', '2016-02-03')];
  expect(likeliestFirst(others, pupil('x', 'Amina', '2016-02-03')).map(({ name }) => name)).toEqual(['d', 'c', 'b', 'a']);
});

test('what a merge moves, in words', () => {
  const answer = (fields: object) => sayMerge({ movedResults: 0, movedMemberships: 0, droppedMemberships: 0, conflicts: [], ...fields });
  expect(answer({})).toBe('Nothing comes over.');
  expect(answer({ movedResults: 1, movedMemberships: 3 })).toBe('Comes over: 1 result; 3 enrolments, classes and groups.');
  expect(answer({ movedResults: 2, droppedMemberships: 1, conflicts: [{}, {}] })).toBe('Comes over: 2 results. 1 that both say is kept once. 2 results differ.');
});
