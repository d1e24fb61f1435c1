// Who was answered with a record that is about the person, as it is told to them. Pure.
import { RecordRead_Kind, type RecordRead } from '../gen/fivestrand/audit/v1/audit_pb';
import { sayWhen, toInstant } from './dates';

// One line for each reader and what they did, where the same stands several times in a row: who, when last, and how often.
export interface ReadLine {
  key: string;
  reader: string;
  kind: RecordRead_Kind;
  when: string;
  times: number;
}

// `reads` newest first, as they come.
export function readLines(reads: RecordRead[], now = new Date()): ReadLine[] {
  const lines: ReadLine[] = [];
  for (const { reader, kind, readTime } of reads) {
    const last = lines.at(-1);
    if (last?.reader === reader && last.kind === kind) {
      last.times += 1;
      continue;
    }
    const at = toInstant(readTime);
    lines.push({ key: String(lines.length), reader, kind, when: at ? sayWhen(at, now) : '', times: 1 });
  }
  return lines;
}

// `Ada read it, 3 times, last yesterday 10:42`. `name` is what the reader is called.
export function sayRead({ kind, when, times }: ReadLine, name: string): string {
  const did = kind === RecordRead_Kind.EMERGENCY ? 'opened it in an emergency' : kind === RecordRead_Kind.CHANGE ? 'changed it' : 'read it';
  return `${name} ${did}, ${times > 1 ? `${times} times, last ${when}` : when}`;
}

// What somebody is called whom the service does not name, and what is no person.
export function readerName(reader: string, nameOf: (person: string) => string): string {
  if (reader === '') return 'Somebody who is not named here';
  return reader.includes('/people/') ? nameOf(reader) : 'The system itself';
}
