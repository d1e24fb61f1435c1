// Resource names, such as `trusts/acorn/schools/northgate/dropIns/x`.

// `trusts/acorn/schools/northgate` of any name below that school; undefined for names that are not below a school.
export function schoolOf(name: string): string | undefined {
  return /^(trusts\/[^/]+\/schools\/[^/]+)/.exec(name)?.[1];
}

export function trustOf(name: string): string {
  return /^(trusts\/[^/]+)/.exec(name)?.[1] ?? '';
}

export function idOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

export function schoolName(trust: string, id: string): string {
  return `${trust}/schools/${id}`;
}

// The kind of collection, for example `dropIns`, of a record's or a collection's name.
export function collectionOf(name: string): string {
  const parts = name.split('/');
  return (parts.length % 2 === 0 ? parts.at(-2) : parts.at(-1)) ?? '';
}
