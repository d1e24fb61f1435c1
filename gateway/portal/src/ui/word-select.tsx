// A choice of one value of an enumeration, by the words for it. The value that says nothing is not offered.
import { NativeSelect } from '@mantine/core';

export function WordSelect<T extends number>(props: { label: string; words: Record<T, string>; value: T; onChange: (value: T) => void }) {
  const { label, words, value, onChange } = props;
  return (
    <NativeSelect
      label={label}
      value={String(value)}
      data={Object.entries<string>(words)
        .filter(([number]) => number !== '0')
        .map(([number, text]) => ({ value: number, label: text }))}
      onChange={(event) => onChange(Number(event.currentTarget.value) as T)}
    />
  );
}
