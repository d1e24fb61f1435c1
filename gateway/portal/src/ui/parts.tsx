// Small parts that several screens share.
import { Alert, Button, Skeleton, Stack, Text } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { problemOf } from '../api/errors';
import { Band } from '../gen/fivestrand/evidence/v1/evidence_pb';
import { Beat_Status } from '../gen/fivestrand/leadership/v1/visibility_service_pb';
import { BAND_WORDS, STATUS_WORDS } from '../model/words';

// Nothing for the first 300 ms, then grey lines where the content will be.
export function Loading({ lines = 4, label = 'Loading' }: { lines?: number; label?: string }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-label={label} className="loading">
      {late && (
        <Stack gap="sm">
          {Array.from({ length: lines }, (_, index) => (
            <Skeleton key={index} height={index === 0 ? 30 : 52} radius="md" />
          ))}
        </Stack>
      )}
    </div>
  );
}

export function ProblemNote({ error, onRetry, title }: { error: unknown; onRetry?: () => void; title?: string }) {
  const problem = problemOf(error);
  return (
    <Alert
      role="alert"
      color={problem.kind === 'offline' || problem.kind === 'busy' ? 'gray' : 'red'}
      variant="light"
      className="problem"
      title={title ? `${title}: ${problem.title.charAt(0).toLowerCase()}${problem.title.slice(1)}` : problem.title}
    >
      <Text size="sm">{problem.advice}</Text>
      {problem.fields.map((field) => (
        <Text size="sm" key={field.field}>
          {field.field}: {field.description}
        </Text>
      ))}
      {problem.requestId && problem.kind === 'fault' && <Text size="sm">Number to report: {problem.requestId}</Text>}
      {onRetry && (
        <Button mt="xs" size="sm" h={44} variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
    </Alert>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <Text fw={600}>{title}</Text>
      {children && (
        <Text size="sm" component="div">
          {children}
        </Text>
      )}
    </div>
  );
}

// The state of a commitment as a shape. The word for it is beside it or in its label.
export function BeatMark({ status, waiting, size = 22 }: { status: Beat_Status; waiting?: boolean; size?: number }) {
  const kind = waiting ? 'waiting' : (STATUS_WORDS[status] || 'none').replace(' ', '-');
  return (
    <svg className="beat-mark" data-kind={kind} width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {kind === 'done' && (
        <>
          <circle cx="12" cy="12" r="10" className="fill" />
          <path d="M7 12.5l3.5 3.5L17 9" className="on-fill" />
        </>
      )}
      {kind === 'waiting' && (
        <>
          <circle cx="12" cy="12" r="10" className="dashed" />
          <path d="M7 12.5l3.5 3.5L17 9" className="line" />
        </>
      )}
      {kind === 'due' && <circle cx="12" cy="12" r="9" className="line" />}
      {kind === 'missed' && <path d="M6.5 6.5l11 11M17.5 6.5l-11 11" className="ink" />}
      {(kind === 'not-due' || kind === 'none') && <path d="M8 12h8" className="faint" />}
    </svg>
  );
}

// Where a figure stands, as a shape and a word.
export function BandBadge({ band }: { band: Band }) {
  if (band === Band.BAND_UNSPECIFIED) return null;
  return (
    <span className="band" data-band={Band[band]}>
      <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" focusable="false">
        {band === Band.GREEN && <circle cx="7" cy="7" r="6" />}
        {band === Band.AMBER && <path d="M7 1l6 6-6 6-6-6z" />}
        {band === Band.RED && <path d="M1 2h12L7 13z" />}
      </svg>
      {BAND_WORDS[band]}
    </span>
  );
}

// `tab` is the title of the browser's tab where the page's own would tell too much: a history and a shared screen show it to others.
export function PageHead({ title, tab = title, children, actions }: { title: string; tab?: string; children?: ReactNode; actions?: ReactNode }) {
  useEffect(() => {
    document.title = `${tab} · Fivestrand`;
  }, [tab]);
  return (
    <header className="page-head">
      <div>
        <h1>{title}</h1>
        {children && <div className="page-sub">{children}</div>}
      </div>
      {actions && <div className="page-actions">{actions}</div>}
    </header>
  );
}

// The heads of a table: columns of words, then columns of numbers.
export function TableHead({ left, right = [] }: { left: string[]; right?: string[] }) {
  return (
    <thead>
      <tr>
        {left.map((head) => (
          <th scope="col" key={head}>
            {head}
          </th>
        ))}
        {right.map((head) => (
          <th scope="col" key={head} className="right">
            {head}
          </th>
        ))}
      </tr>
    </thead>
  );
}
