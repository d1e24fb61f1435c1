// Choosing people by a few letters of their name.
import { MultiSelect, Select } from '@mantine/core';
import { useMemo } from 'react';

const SHOWN = 30;

function useOptions(people: Map<string, string>, chosen: string[]) {
  return useMemo(() => {
    const all = new Map(people);
    for (const name of chosen) if (name && !all.has(name)) all.set(name, name.slice(name.lastIndexOf('/') + 1));
    // Two people may have the same name: the id tells them apart.
    const count = new Map<string, number>();
    for (const label of all.values()) count.set(label, (count.get(label) ?? 0) + 1);
    return [...all].map(([value, label]) => ({
      value,
      label: (count.get(label) ?? 0) > 1 ? `${label} (${value.slice(value.lastIndexOf('/') + 1)})` : label,
    }));
  }, [people, chosen]);
}

export function PeoplePicker(props: {
  label: string;
  people: Map<string, string>;
  value: string[];
  onChange: (value: string[]) => void;
  most: number;
}) {
  const data = useOptions(props.people, props.value);
  return (
    <MultiSelect
      label={props.label}
      description="Optional. Type a few letters of a name."
      data={data}
      value={props.value}
      onChange={props.onChange}
      maxValues={props.most}
      searchable
      limit={SHOWN}
      nothingFoundMessage="Nobody with these letters"
      hidePickedOptions
      comboboxProps={{ withinPortal: true }}
    />
  );
}

export function PersonPicker(props: {
  label: string;
  people: Map<string, string>;
  value: string;
  onChange: (value: string) => void;
  first?: string[];
}) {
  const chosen = useMemo(() => [props.value, ...(props.first ?? [])], [props.value, props.first]);
  const options = useOptions(props.people, chosen);
  const first = props.first ?? [];
  const data = useMemo(
    () => [...options].sort((a, b) => Number(first.includes(b.value)) - Number(first.includes(a.value)) || a.label.localeCompare(b.label)),
    [options, first],
  );
  return (
    <Select
      label={props.label}
      data={data}
      value={props.value || null}
      onChange={(value) => props.onChange(value ?? '')}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': `Clear ${props.label.toLowerCase()}` }}
      limit={SHOWN}
      nothingFoundMessage="Nobody with these letters"
    />
  );
}
