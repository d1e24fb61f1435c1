// A line of a list of records: what it is, and below that what to know of it. A chevron says that it opens.
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { ChevronIcon } from './icons';

export function ListRow(props: { title: ReactNode; icon?: ReactNode; href?: string; onOpen?: () => void; children: ReactNode }) {
  const { title, icon, href, onOpen, children } = props;
  const content = (
    <>
      {icon}
      <span className="record-what">
        <strong>{title}</strong>{' '}
        <small>{children}</small>
      </span>
      {(href || onOpen) && <ChevronIcon size={18} className="record-chevron" />}
    </>
  );
  return (
    <li className="record">
      {href ? (
        <Link className="record-open" href={href}>
          {content}
        </Link>
      ) : onOpen ? (
        <button type="button" className="record-open" onClick={onOpen}>
          {content}
        </button>
      ) : (
        <div className="record-open">{content}</div>
      )}
    </li>
  );
}
