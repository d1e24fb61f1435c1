// What the keys of an answer are called.
import { useCallback } from 'react';
import { idOf } from '../../api/names';
import { useSession } from '../../app/auth';
import { nameIn, useSubjects } from '../../app/queries';
import type { CellKey } from '../../gen/fivestrand/assessment/v1/analysis_pb';
import { Phase } from '../../gen/fivestrand/type/v1/school_pb';
import { PRIOR_WORDS } from '../../model/analysis';
import { nameOfSchool } from '../../model/roles';
import { PUPIL_GROUPS, sayYearGroup } from '../../model/words';
import { useWindows } from './queries';

// Who made a result. What an application or the command line brought in is nobody's.
export function sayAuthor(people: Map<string, string>, author: string): string {
  return author.includes('/people/') ? nameIn(people, author) : 'brought in';
}

export type LabelOf = (key: CellKey | undefined) => string;

export function useKeyLabels(): LabelOf {
  const session = useSession();
  const subjects = useSubjects();
  const { windows } = useWindows();
  return useCallback(
    (key) => {
      const value = key?.value;
      switch (value?.case) {
        case 'school':
          return nameOfSchool(session, value.value);
        case 'phase':
          return (Phase[value.value] ?? '').replaceAll('_', ' ').toLowerCase();
        case 'yearGroup':
          return sayYearGroup(value.value) || 'No year group';
        case 'schoolClass':
          return value.value ? idOf(value.value).replaceAll('-', ' ') : 'In no class';
        case 'subject':
          return nameIn(subjects, value.value);
        case 'window': {
          const window = windows.find(({ name }) => name === value.value);
          return window ? `${window.displayName} ${window.academicYear}` : idOf(value.value);
        }
        case 'pupilGroup': {
          const label = PUPIL_GROUPS.find(({ group }) => group === value.value.group)?.label ?? '';
          return value.value.others ? `Not ${label}` : label;
        }
        case 'priorAttainment':
          return PRIOR_WORDS[value.value];
        default:
          return 'All';
      }
    },
    [session.schools, subjects, windows],
  );
}
