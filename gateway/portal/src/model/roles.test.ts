import { describe, expect, it } from 'vitest';
import { readSession, type Session } from '../api/session';
import { areasOf, coverageReach, homeOf, isStaff, mayBeginCheckIns, mayChange, mayHoldCheckIns, mayKeepPupils, mayReadResults, mayReadVisits, mayRecord, mayRecordDuties, maySetThreshold, mayWriteVisits, nameOfSchool, schoolsOf } from './roles';

const T = 'trusts/acorn';
const NORTH = `${T}/schools/northgate`;
const HILL = `${T}/schools/hillside`;
const SCHOOLS = [
  { name: NORTH, displayName: 'Northgate' },
  { name: HILL, displayName: 'Hillside' },
];

function session(...grants: [role: string, ...schools: string[]][]): Session {
  return readSession({
    person: `${T}/people/x`,
    displayName: 'X',
    postTitle: '',
    trust: T,
    schools: SCHOOLS,
    grants: grants.map(([role, ...schools]) => ({ role, schools })),
  });
}

describe('what grants open', () => {
  it.each([
    ['ROLE_HEADTEACHER', ['northgate'], ['day', 'visits', 'school', 'concerns', 'results', 'learning', 'wellbeing', 'model'], 'day'],
    ['ROLE_SENIOR_LEADER', ['northgate'], ['day', 'visits', 'school', 'concerns', 'results', 'learning', 'wellbeing', 'model'], 'day'],
    ['ROLE_EXECUTIVE_HEADTEACHER', ['northgate', 'hillside'], ['day', 'visits', 'school', 'trust', 'concerns', 'results', 'learning', 'wellbeing', 'model'], 'visits'],
    ['ROLE_CEO', [], ['day', 'visits', 'school', 'trust', 'concerns', 'results', 'learning', 'wellbeing', 'model'], 'visits'],
    ['ROLE_DIRECTOR', [], ['school', 'trust', 'concerns', 'results', 'model'], 'trust'],
    ['ROLE_HR_DIRECTOR', [], ['learning', 'wellbeing', 'model'], 'wellbeing'],
    ['ROLE_ADMINISTRATOR', [], ['learning', 'wellbeing', 'results', 'model'], 'learning'],
    ['ROLE_DATA_LEAD', [], ['results', 'learning', 'wellbeing', 'model'], 'results'],
    ['ROLE_TEACHER', ['northgate'], ['school', 'results', 'learning', 'wellbeing', 'mine', 'model'], 'school'],
    ['ROLE_MIDDLE_LEADER', ['northgate'], ['day', 'school', 'concerns', 'results', 'learning', 'wellbeing', 'mine', 'model'], 'day'],
    ['ROLE_SUPPORT_STAFF', ['northgate'], ['school', 'learning', 'wellbeing', 'model'], 'school'],
    ['ROLE_EXTERNAL_CONSULTANT', ['northgate'], ['school', 'results'], 'school'],
  ])('%s in %j sees %j and begins at %s', (role, schools, areas, home) => {
    const someone = session([role, ...schools]);
    expect(areasOf(someone, NORTH)).toEqual(areas);
    expect(homeOf(someone, NORTH)).toBe(home);
  });

  it('holds a school role to its school', () => {
    const head = session(['ROLE_HEADTEACHER', 'northgate']);
    expect(mayRecord(head, NORTH)).toBe(true);
    expect(mayRecord(head, HILL)).toBe(false);
    expect(mayReadVisits(head, HILL)).toBe(false);
    expect(mayWriteVisits(head, NORTH)).toBe(false);
    expect(areasOf(head, HILL)).toEqual(['concerns', 'learning', 'wellbeing', 'model']);
  });

  it('counts those who work for the trust as staff, in all its schools, and a director in all schools but not as staff', () => {
    for (const role of ['ROLE_CPD_LEAD', 'ROLE_SEND_LEAD', 'ROLE_DATA_PROTECTION_OFFICER']) {
      const officer = session([role]);
      expect([isStaff(officer), schoolsOf(officer).length]).toEqual([true, 2]);
    }
    const director = session(['ROLE_DIRECTOR']);
    expect([isStaff(director), schoolsOf(director).length]).toEqual([false, 2]);
  });

  it('lets the CEO hold what is handed over, and only an HR director begin', () => {
    const chief = session(['ROLE_CEO']);
    expect([mayHoldCheckIns(chief), mayBeginCheckIns(chief)]).toEqual([true, false]);
    expect(mayBeginCheckIns(session(['ROLE_HR_DIRECTOR']))).toBe(true);
  });

  it('lets an administrator set up what others read, and read nothing of it', () => {
    const administrator = session(['ROLE_ADMINISTRATOR']);
    expect(areasOf(administrator, NORTH)).toContain('results');
    expect(mayReadResults(administrator)).toBe(false);
    expect(maySetThreshold(administrator)).toBe(true);
    expect(mayKeepPupils(administrator)).toBe(false);
    expect(maySetThreshold(session(['ROLE_DATA_LEAD']))).toBe(false);
  });

  it('names a school as it is called, and one that is not seen by its id', () => {
    const head = session(['ROLE_HEADTEACHER', 'northgate']);
    expect([nameOfSchool(head, NORTH), nameOfSchool(head, `${T}/schools/elsewhere`)]).toEqual(['Northgate', 'elsewhere']);
  });

  it('adds roles up', () => {
    const both = session(['ROLE_TEACHER', 'northgate'], ['ROLE_HEADTEACHER', 'hillside']);
    expect(areasOf(both, NORTH)).toEqual(['school', 'concerns', 'results', 'learning', 'wellbeing', 'mine', 'model']);
    expect(areasOf(both, HILL)).toContain('day');
  });

  it('lists the schools of the grants, or all for the whole trust', () => {
    expect(schoolsOf(session(['ROLE_HEADTEACHER', `${T}/schools/hillside`])).map(({ name }) => name)).toEqual([HILL]);
    expect(schoolsOf(session(['ROLE_CEO'])).map(({ name }) => name)).toEqual([NORTH, HILL]);
    expect(schoolsOf(session(['ROLE_EXECUTIVE_HEADTEACHER', 'northgate'])).map(({ name }) => name)).toEqual([NORTH]);
  });

  it('lets a middle leader record lessons and no duties', () => {
    const middle = session(['ROLE_MIDDLE_LEADER', 'northgate']);
    expect(mayRecord(middle, NORTH)).toBe(true);
    expect(mayRecordDuties(middle, NORTH)).toBe(false);
  });

  it('counts in the coverage what the person may read', () => {
    expect(coverageReach(session(['ROLE_HEADTEACHER', 'northgate']), NORTH)).toBe('all');
    expect(coverageReach(session(['ROLE_CEO']), NORTH)).toBe('own');
    expect(coverageReach(session(['ROLE_MIDDLE_LEADER', 'northgate']), NORTH)).toBe('own');
    expect(coverageReach(session(['ROLE_DIRECTOR']), NORTH)).toBe('none');
  });

  it('leaves what somebody recorded to them', () => {
    const head = session(['ROLE_HEADTEACHER', 'northgate']);
    expect(mayChange(head, { leader: `${T}/people/x` })).toBe(true);
    expect(mayChange(head, { leader: `${T}/people/y` })).toBe(false);
  });

  it('opens nothing without a grant', () => {
    expect(areasOf(session(), NORTH)).toEqual([]);
    expect(schoolsOf(session())).toEqual([]);
    expect(mayRecord(session(), NORTH)).toBe(false);
  });
});
