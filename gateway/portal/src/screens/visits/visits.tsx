// Visits of the CEO and the executive headteachers: what is next, which school has waited longest, what was agreed.
import { Button, Checkbox } from '@mantine/core';
import { create } from '@bufbuild/protobuf';
import { FieldMaskSchema } from '@bufbuild/protobuf/wkt';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { idOf, schoolName, schoolOf } from '../../api/names';
import { newRequestId } from '../../api/ids';
import { problemOf } from '../../api/errors';
import { useSession } from '../../app/auth';
import { useNow, useOutbox, useParam, type Param } from '../../app/hooks';
import { refetchFor } from '../../app/live';
import { nameIn, usePeople, useVisits } from '../../app/queries';
import { useServices } from '../../app/services';
import { Visit_FollowUpSchema, VisitSchema, type Visit } from '../../gen/fivestrand/leadership/v1/visibility_pb';
import { clockOf, dayOf, daysBetween, sayAgo, sayDay, sayWhen, toInstant, toProtoDate, today } from '../../model/dates';
import { removedNames, waitingRecords } from '../../model/day';
import { mayChange, mayReadVisits, mayWriteVisits, schoolsOf } from '../../model/roles';
import { bySchool, openFollowUps, past, planned, undecided, type OpenFollowUp } from '../../model/visits';
import { VISIT_WORDS } from '../../model/words';
import { ChevronIcon, PlusIcon, WaitingIcon } from '../../ui/icons';
import { Empty, Loading, PageHead, ProblemNote } from '../../ui/parts';
import { useToast } from '../../ui/toast';
import { VisitSheet } from './sheet';
import './visits.css';

const RECENT = 15;
// Shown at first.
const FOLLOW_UPS = 6;

export default function VisitsScreen() {
  const session = useSession();
  const now = useNow();
  const sheet = useParam('visit');
  const schools = schoolsOf(session).filter(({ name }) => mayReadVisits(session, name));
  const writer = mayWriteVisits(session);
  const query = useVisits(schools.map(({ name }) => name));
  const outbox = useOutbox();
  const removed = removedNames(outbox);
  const visits = (query.data ?? []).filter((visit) => !removed.has(visit.name) && !visit.deleteTime);
  const waiting = waitingRecords(outbox).filter((item) => item.type === 'visit');
  const open = (visit: Visit) => sheet.open(`${idOf(schoolOf(visit.name) ?? '')}.${idOf(visit.name)}`);
  const [shownSchool, shownId] = sheet.value?.includes('.') ? sheet.value.split('.') : [];
  const shown = shownSchool && shownId ? `${schoolName(session.trust, shownSchool)}/visits/${shownId}` : undefined;
  const newAt = /^new(?:-(.+))?$/.exec(sheet.value ?? '');
  const late = undecided(visits, session.person, now);
  // One's own whose time has passed are asked about; a colleague's stay among the planned until they say.
  const ahead = planned(visits, late);

  return (
    <>
      <PageHead
        title="Visits"
        actions={
          writer && (
            <Button leftSection={<PlusIcon size={20} />} onClick={() => sheet.open('new')}>
              Visit
            </Button>
          )
        }
      >
        {writer ? 'Plan, record and follow up your visits to schools.' : 'Visits of the CEO and the executive headteachers to your school.'}
      </PageHead>
      {query.isPending && schools.length > 0 && <Loading lines={6} />}
      {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="Visits" />}
      {waiting.length > 0 && (
        <ul className="record-list">
          {waiting.map((item) => (
            <li className="record" data-waiting key={item.id}>
              <div className="record-open">
                <WaitingIcon size={20} />
                <span className="record-what">
                  <strong>{item.label}</strong>
                  <small>waiting to be sent</small>
                </span>
              </div>
            </li>
          ))}
        </ul>
      )}
      {query.data && (
        <div className="side-by-side">
          <div>
            {late.length > 0 && (
              <section aria-labelledby="late-title">
                <h2 id="late-title" className="section-title">
                  Did these take place?
                </h2>
                <ul className="record-list">
                  {late.map((visit) => (
                    <VisitRow key={visit.name} visit={visit} onOpen={open} now={now} />
                  ))}
                </ul>
              </section>
            )}
            {ahead.length > 0 && (
              <section aria-labelledby="ahead-title">
                <h2 id="ahead-title" className="section-title">
                  Planned
                </h2>
                <ul className="record-list">
                  {ahead.map((visit) => (
                    <VisitRow key={visit.name} visit={visit} onOpen={open} now={now} />
                  ))}
                </ul>
              </section>
            )}
            {writer && <Schools schools={schools.map(({ name }) => name)} visits={visits} now={now} sheet={sheet} />}
          </div>
          <div>
            <FollowUps visits={visits} onOpen={open} />
            <section aria-labelledby="past-title">
              <h2 id="past-title" className="section-title">
                {writer ? 'Lately' : 'Visits'}
              </h2>
              {past(visits).length === 0 && <Empty title="None in the last year" />}
              <ul className="record-list">
                {past(visits)
                  .slice(0, RECENT)
                  .map((visit) => (
                    <VisitRow key={visit.name} visit={visit} onOpen={open} now={now} />
                  ))}
              </ul>
            </section>
          </div>
        </div>
      )}
      <VisitSheet
        name={shown}
        isNew={newAt !== null}
        school={newAt?.[1] ? schoolName(session.trust, newAt[1]) : undefined}
        visits={visits}
        onClose={sheet.close}
      />
    </>
  );
}

function useSchoolName(): (name: string | undefined) => string {
  const session = useSession();
  return (name) => session.schools.find((school) => school.name === name)?.displayName ?? '';
}

function VisitRow({ visit, onOpen, now }: { visit: Visit; onOpen: (visit: Visit) => void; now: Date }) {
  const people = usePeople();
  const school = useSchoolName();
  const at = toInstant(visit.startTime);
  return (
    <li className="record">
      <button type="button" className="record-open" onClick={() => onOpen(visit)}>
        <span className="record-what">
          <strong>{school(schoolOf(visit.name))}</strong> {at && (at > now ? `${sayDay(dayOf(at))} ${clockOf(at)}` : sayWhen(at, now))}
          <small>
            {VISIT_WORDS[visit.state]} · {nameIn(people, visit.leader)} · {visit.purpose}
          </small>
        </span>
        <ChevronIcon size={18} className="record-chevron" />
      </button>
    </li>
  );
}

function Schools({ schools, visits, now, sheet }: { schools: string[]; visits: Visit[]; now: Date; sheet: Param }) {
  const people = usePeople();
  const school = useSchoolName();
  return (
    <section aria-labelledby="schools-title">
      <h2 id="schools-title" className="section-title">
        Schools, longest unvisited first
      </h2>
      <ul className="school-list">
        {bySchool(schools, visits, now).map(({ school: name, last, days, next }) => (
          <li key={name} className="school-card">
            <div>
              <strong>{school(name)}</strong>
              <small>
                {last
                  ? `Last visit ${sayAgo(dayOf(toInstant(last.startTime) as Date), today(now))}, ${nameIn(people, last.leader)}`
                  : 'No visit in the last year'}
                {next && ` · next ${sayDay(dayOf(toInstant(next.startTime) as Date), today(now))}`}
              </small>
            </div>
            <span className="days" data-long={days === undefined || days > 28 || undefined}>
              {days === undefined ? '–' : days}
              <small>{days === 1 ? 'day' : 'days'}</small>
            </span>
            <Button
              variant="default"
              onClick={() => sheet.open(`new-${idOf(name)}`)}
              aria-label={`Plan or record a visit to ${school(name)}`}
            >
              Visit
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function FollowUps({ visits, onOpen }: { visits: Visit[]; onOpen: (visit: Visit) => void }) {
  const open = openFollowUps(visits);
  const [all, setAll] = useState(false);
  const shown = all ? open : open.slice(0, FOLLOW_UPS);
  return (
    <section aria-labelledby="follow-title">
      <h2 id="follow-title" className="section-title">
        Agreed and open
      </h2>
      {open.length === 0 && <Empty title="Nothing is open">What is agreed on a visit stands here until it is done.</Empty>}
      <ul className="record-list">
        {shown.map((entry) => (
          <FollowUpRow key={`${entry.visit.name} ${entry.index}`} entry={entry} onOpen={onOpen} />
        ))}
      </ul>
      {shown.length < open.length && (
        <button type="button" className="text-button" onClick={() => setAll(true)}>
          All {open.length} that are open
        </button>
      )}
    </section>
  );
}

function FollowUpRow({ entry, onOpen }: { entry: OpenFollowUp; onOpen: (visit: Visit) => void }) {
  const { visit, index, followUp, due } = entry;
  const session = useSession();
  const { clients } = useServices();
  const queries = useQueryClient();
  const toast = useToast();
  const people = usePeople();
  const school = useSchoolName();
  const [busy, setBusy] = useState(false);
  const mayTick = mayChange(session, visit) && mayWriteVisits(session, schoolOf(visit.name));
  const overdue = due !== undefined && due < today();

  const setDone = async (current: Visit, done: boolean): Promise<Visit> => {
    const followUps = current.followUps.map((other, at) =>
      at === index ? create(Visit_FollowUpSchema, { ...other, doneDate: done ? toProtoDate(today()) : undefined }) : other,
    );
    return clients.visibility.updateVisit({
      visit: create(VisitSchema, { name: current.name, etag: current.etag, followUps }),
      updateMask: create(FieldMaskSchema, { paths: ['follow_ups'] }),
      requestId: newRequestId(),
    });
  };
  const tick = async () => {
    setBusy(true);
    try {
      const saved = await setDone(visit, true);
      toast({
        text: `Done: ${followUp.action}`,
        action: { label: 'Undo', run: () => setDone(saved, false).then(() => refetchFor(queries, 'fivestrand/Visit', visit.name)) },
      });
    } catch (error) {
      const problem = problemOf(error);
      toast({ text: `${problem.title}. ${problem.advice}`, tone: 'bad' });
    } finally {
      setBusy(false);
      refetchFor(queries, 'fivestrand/Visit', visit.name);
    }
  };
  return (
    <li className="record">
      {mayTick && (
        <Checkbox
          className="follow-tick"
          checked={busy}
          disabled={busy}
          size="md"
          aria-label={`Done: ${followUp.action}`}
          onChange={() => void tick()}
        />
      )}
      <button type="button" className="record-open" onClick={() => onOpen(visit)}>
        <span className="record-what">
          <strong>{followUp.action}</strong>
          <small>
            {[followUp.owner && nameIn(people, followUp.owner), due && `due ${sayDay(due)}`, school(schoolOf(visit.name))]
              .filter(Boolean)
              .join(' · ')}
            {overdue && due && (
              <span className="overdue">
                {' '}
                {daysBetween(due, today())} {daysBetween(due, today()) === 1 ? 'day' : 'days'} overdue
              </span>
            )}
          </small>
        </span>
      </button>
    </li>
  );
}
