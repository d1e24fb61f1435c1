// A sealed record in a list that only whom it concerns can see: of its texts nothing.
import type { ReactNode } from 'react';
import { LockIcon } from '../../ui/icons';
import { ListRow } from '../../ui/list-row';

export function SealedRow(props: { href: string; title: string; children: ReactNode }) {
  return <ListRow icon={<LockIcon size={20} />} {...props} />;
}
