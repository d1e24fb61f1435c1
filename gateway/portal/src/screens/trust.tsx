// The trust: schools by elements in one table that sorts and opens, with the trust as a whole on top; and how fast it answers.
import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import { useSession } from '../app/auth';
import { useScoreboard } from '../app/improvement-queries';
import { pathOf } from '../app/places';
import { NoValueReason } from '../gen/fivestrand/evidence/v1/evidence_pb';
import type { ElementStanding, ScoreboardColumn } from '../gen/fivestrand/leadership/v1/improvement_service_pb';
import type { ModelElement } from '../gen/fivestrand/leadership/v1/model_pb';
import { sayDay, today } from '../model/dates';
import { schoolsOf } from '../model/roles';
import { compareStandings, headline, isWorse, tally } from '../model/scoreboard';
import { BAND_WORDS, NO_VALUE, sayParts, sayValue } from '../model/words';
import { ConcernIcon } from '../ui/icons';
import { BandBadge, Loading, PageHead, ProblemNote } from '../ui/parts';
import { Away } from './school/away';
import { PaceSection } from './concerns/pace';
import './school/school.css';
import './school/strands.css';

type Sort = { key: string; reversed: boolean };

export default function TrustScreen() {
  const session = useSession();
  // Whose grants name schools sees those; the trust as a whole is for grants of the trust.
  const whole = schoolsOf(session).length === session.schools.length;
  const query = useScoreboard(whole ? session.trust : `${session.trust}/schools/-`);
  const [strand, setStrand] = useState('');
  const [sort, setSort] = useState<Sort>({ key: 'school', reversed: false });
  const [phoneElement, setPhoneElement] = useState('');

  const model = query.data?.model;
  const strands = model?.strands ?? [];
  // Elements that no record is kept of say so on the school page; forty columns, half of them empty, would hide the others.
  const columns = query.data?.columns ?? [];
  const measured = new Set(columns.flatMap(({ elements }) => elements.filter(({ measures }) => measures.length > 0)).map(({ element }) => element));
  const shown = strands.filter((one) => !strand || one.strand === strand).flatMap(({ elements }) => elements.filter(({ element }) => measured.has(element)));
  const kept = strands.flatMap(({ elements }) => elements).length;
  const all = columns.find(({ scope }) => scope === session.trust);
  const schools = columns
    .filter(({ scope }) => scope !== session.trust)
    .sort((a, b) => {
      const order = sort.key === 'school' ? 0 : compareStandings(standingOf(a, sort.key), standingOf(b, sort.key));
      return (order || a.displayName.localeCompare(b.displayName)) * (sort.reversed ? -1 : 1);
    });
  const onPhone = shown.some(({ element }) => element === phoneElement) ? phoneElement : (shown[0]?.element ?? '');

  return (
    <>
      <PageHead title="Trust">
        {schools.length} schools by {measured.size} of {kept} elements that are recorded so far, as of {sayDay(today())}. Choose a heading to
        sort, worst first.
      </PageHead>
      {query.isPending && <Loading lines={6} />}
      {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && <Away away={query.data.away} model={model} />}
      {shown.length + measured.size > 0 && (
        <div className="board-filters no-print">
          <NativeSelect
            label="Strand"
            value={strand}
            data={[{ value: '', label: 'All five strands' }, ...strands.map(({ strand: value, title }) => ({ value, label: title }))]}
            onChange={(event) => setStrand(event.currentTarget.value)}
          />
          <NativeSelect
            className="phone-only"
            label="Element"
            value={onPhone}
            data={shown.map(({ element, number, title }) => ({ value: element, label: `${number} ${title}` }))}
            onChange={(event) => {
              setPhoneElement(event.currentTarget.value);
              setSort({ key: event.currentTarget.value, reversed: false });
            }}
          />
        </div>
      )}
      {shown.length > 0 && (
        <div className="grid-scroll" tabIndex={0} role="region" aria-label="Schools by elements">
          <table className="trust-table board-table">
            <thead>
              <tr>
                <SortHead label="School" sortKey="school" sort={sort} onSort={setSort} phone />
                {shown.map((element) => (
                  <SortHead
                    key={element.element}
                    label={`${element.number} ${element.title}`}
                    sortKey={element.element}
                    sort={sort}
                    onSort={setSort}
                    phone={element.element === onPhone}
                  />
                ))}
              </tr>
            </thead>
            <tbody>
              {[all, ...schools].map((column) => column && <Row key={column.scope} column={column} shown={shown} onPhone={onPhone} />)}
            </tbody>
          </table>
        </div>
      )}
      {whole && <PaceSection parent={session.trust} />}
    </>
  );
}

function standingOf(column: ScoreboardColumn, element: string): ElementStanding | undefined {
  return column.elements.find((standing) => standing.element === element);
}

function SortHead(props: { label: string; sortKey: string; sort: Sort; onSort: (sort: Sort) => void; phone: boolean }) {
  const { sort, sortKey } = props;
  const active = sort.key === sortKey;
  return (
    <th scope="col" aria-sort={active ? (sort.reversed ? 'descending' : 'ascending') : 'none'} data-phone={props.phone || undefined}>
      <button type="button" className="sort" onClick={() => props.onSort({ key: sortKey, reversed: active && !sort.reversed })}>
        <span className="sort-label" title={props.label}>
          {props.label}
        </span>
        <span aria-hidden="true" className="sort-arrow">
          {active ? (sort.reversed ? '▼' : '▲') : '△'}
        </span>
      </button>
    </th>
  );
}

function Row({ column, shown, onPhone }: { column: ScoreboardColumn; shown: ModelElement[]; onPhone: string }) {
  const session = useSession();
  const isTrust = column.scope === session.trust;
  const counts = tally(column);
  return (
    <tr className={isTrust ? 'trust-row' : undefined}>
      <th scope="row">
        {isTrust ? 'Whole trust' : <Link href={pathOf('school', column.scope)}>{column.displayName}</Link>}
        {!isTrust && counts.red > 0 && <small>{counts.red === 1 ? '1 needs action' : `${counts.red} need action`}</small>}
      </th>
      {shown.map(({ element, title }) => (
        <Cell
          key={element}
          standing={standingOf(column, element)}
          href={isTrust ? undefined : `${pathOf('school', column.scope)}?element=${element}`}
          label={`${column.displayName}: ${title}`}
          phone={element === onPhone}
        />
      ))}
    </tr>
  );
}

function Cell(props: { standing: ElementStanding | undefined; href: string | undefined; label: string; phone: boolean }) {
  const { standing, href } = props;
  const summary = headline(standing);
  const latest = summary?.latest;
  const concerns = standing?.openConcerns ?? 0;
  if (!summary?.measure || latest?.value === undefined) {
    const reason = NO_VALUE[latest?.noValueReason || standing?.noValueReason || NoValueReason.NOT_KEPT_YET];
    return (
      <td data-phone={props.phone || undefined} className="trust-none">
        <span title={reason.advice}>{reason.title}</span>
      </td>
    );
  }
  const value = sayValue(latest.value, summary.measure.unit);
  // The element is as well as its worst figure, and this may be another one.
  const worse = standing !== undefined && isWorse(standing.band, latest.band);
  return (
    <td data-phone={props.phone || undefined} data-band={standing?.band}>
      <span className="trust-value">
        {href ? (
          <Link href={href} aria-label={`${props.label}, ${value}`}>
            {value}
          </Link>
        ) : (
          value
        )}
      </span>
      <BandBadge band={latest.band} />
      <small>
        {[summary.measure.title, sayParts(latest, summary.measure.unit), latest.period?.label].filter(Boolean).join(', ')}
      </small>
      {worse && <small className="worse" data-band={standing.band}>Another figure: {BAND_WORDS[standing.band].toLowerCase()}</small>}
      {concerns > 0 && (
        <small>
          <span className="concern-flag">
            <ConcernIcon size={14} /> {concerns} open
          </span>
        </small>
      )}
    </td>
  );
}
