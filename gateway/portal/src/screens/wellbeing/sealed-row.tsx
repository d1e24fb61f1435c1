// A sealed record in a list that only whom it concerns can see: of its texts nothing.
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { ChevronIcon, LockIcon } from '../../ui/icons';

export function SealedRow({ href, title, children }: { href: string; title: string; children: ReactNode }) {
  return (
    <li className="record">
      <Link className="record-open" href={href}>
        <LockIcon size={20} />
        <span className="record-what">
          <strong>{title}</strong>
          <small>{children}</small>
        </span>
        <ChevronIcon size={18} className="record-chevron" />
      </Link>
    </li>
  );
}
