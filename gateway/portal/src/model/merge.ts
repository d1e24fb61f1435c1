// Three-way merge of the fields of a record: what it was when one began, what one made of it, what somebody else made of it meanwhile.

export interface FieldConflict {
  field: string;
  mine: unknown;
  theirs: unknown;
}

export interface Merge<T> {
  // Both people's changes, where they do not touch the same field; `mine` where they do, until somebody chooses.
  value: T;
  // Fields that both changed, differently.
  conflicts: FieldConflict[];
  // Fields that only the other person changed.
  taken: string[];
}

export function merge<T extends Record<string, unknown>>(base: T, mine: T, theirs: T): Merge<T> {
  const value: Record<string, unknown> = { ...mine };
  const conflicts: FieldConflict[] = [];
  const taken: string[] = [];
  for (const field of Object.keys(mine)) {
    const iChanged = !same(base[field], mine[field]);
    const theyChanged = !same(base[field], theirs[field]);
    if (theyChanged && !iChanged) {
      value[field] = theirs[field];
      taken.push(field);
    } else if (theyChanged && iChanged && !same(mine[field], theirs[field])) {
      conflicts.push({ field, mine: mine[field], theirs: theirs[field] });
    }
  }
  return { value: value as T, conflicts, taken };
}

export function changedFields<T extends Record<string, unknown>>(base: T, now: T): string[] {
  return Object.keys(now).filter((field) => !same(base[field], now[field]));
}

// Both texts, one after the other, for a person to put in order.
export function bothTexts(mine: string, theirs: string): string {
  if (mine.trim() === '') return theirs;
  if (theirs.trim() === '' || mine.includes(theirs)) return mine;
  if (theirs.includes(mine)) return theirs;
  return `${theirs}\n\n${mine}`;
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
