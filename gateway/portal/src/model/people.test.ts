import { describe, expect, it } from 'vitest';
import { groupByPost } from './people';

const person = (displayName: string, postKind: string, schoolDisplayName = '') => ({
  person: displayName,
  displayName,
  postTitle: '',
  postKind,
  schoolDisplayName,
});

describe('people who can sign in', () => {
  it('are grouped by post, headteachers first, each group by school and name', () => {
    const groups = groupByPost([
      person('Zoe', 'TEACHER', 'B'),
      person('Adam', 'TEACHER', 'C'),
      person('Helen', 'CEO'),
      person('Amina', 'HEADTEACHER', 'N'),
      person('Ben', 'TEACHER', 'B'),
      person('Quinn', 'SOMETHING_NEWER'),
    ]);
    expect(groups.map(({ title, people }) => [title, people.map(({ displayName }) => displayName)])).toEqual([
      ['Headteachers', ['Amina']],
      ['Chief executive', ['Helen']],
      ['Teachers', ['Ben', 'Zoe', 'Adam']],
      ['Others', ['Quinn']],
    ]);
  });
});
