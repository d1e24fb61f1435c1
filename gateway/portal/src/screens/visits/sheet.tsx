// One visit: planned, recorded, completed or called off; what was seen, what was agreed, and a note that only its author can read.
import { create } from '@bufbuild/protobuf';
import { FieldMaskSchema } from '@bufbuild/protobuf/wkt';
import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { problemOf, type Problem } from '../../api/errors';
import { newRequestId } from '../../api/ids';
import { schoolOf } from '../../api/names';
import { useSession } from '../../app/auth';
import { useAnsweredThread, useDraft, useRecorder } from '../../app/hooks';
import { refetchFor } from '../../app/live';
import { nameIn, usePeople } from '../../app/queries';
import { useServices } from '../../app/services';
import { Visit_State, type Visit } from '../../gen/fivestrand/leadership/v1/visibility_pb';
import { clockOf, dayOf, fromProtoDate, instantOf, sayDay, sayWhen, toInstant } from '../../model/dates';
import { bothTexts, changedFields, merge, type FieldConflict } from '../../model/merge';
import { mayChange, mayWriteVisits, schoolsOf } from '../../model/roles';
import { openFollowUps } from '../../model/visits';
import { VISIT_WORDS } from '../../model/words';
import { Conflict } from '../../ui/conflict';
import { Form } from '../../ui/form';
import { Loading, ProblemNote } from '../../ui/parts';
import { Sheet } from '../../ui/sheet';
import { useToast } from '../../ui/toast';
import { blankFields, fieldsOf, labelOf, missing, pathsOf, visitOf, type FollowUpFields, type VisitFields } from './form';
import { VisitInputs } from './inputs';

interface Props {
  // Resource name of the visit that is open.
  name: string | undefined;
  isNew: boolean;
  school: string | undefined;
  visits: Visit[];
  onClose: () => void;
}

export function VisitSheet({ name, isNew, school, visits, onClose }: Props) {
  const session = useSession();
  const { clients } = useServices();
  // Asked for by itself, because lists leave the private note out. What is open stays as it is while others change it; a conflict is met
  // at saving.
  const query = useQuery({
    queryKey: ['visit', name],
    enabled: name !== undefined,
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    queryFn: ({ signal }) => clients.visibility.getVisit({ name: name ?? '' }, { signal }),
  });
  const at = name && schoolOf(name);
  const title = session.schools.find((other) => other.name === at)?.displayName;
  const visit = query.data;
  return (
    <Sheet opened={isNew || name !== undefined} onClose={onClose} title={isNew ? 'Visit' : `Visit, ${title ?? ''}`}>
      {isNew && <NewVisit school={school} visits={visits} onClose={onClose} />}
      {name && query.isPending && <Loading lines={5} />}
      {name && query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} />}
      {visit &&
        (mayChange(session, visit) && mayWriteVisits(session, at) ? (
          <OldVisit key={visit.etag} visit={visit} visits={visits} onClose={onClose} onRefreshed={() => void query.refetch()} />
        ) : (
          <ReadVisit visit={visit} />
        ))}
    </Sheet>
  );
}

function NewVisit({ school, visits, onClose }: { school: string | undefined; visits: Visit[]; onClose: () => void }) {
  const session = useSession();
  const recorder = useRecorder();
  const toast = useToast();
  const schools = schoolsOf(session).filter(({ name }) => mayWriteVisits(session, name));
  const [blank] = useState(() => blankFields(school ?? (schools.length === 1 ? (schools[0]?.name ?? '') : ''), new Date()));
  const draft = useDraft<VisitFields>(`visit new ${school ?? ''}`, blank);
  const improvementThread = useAnsweredThread();
  const [tried, setTried] = useState(false);
  const wrong = missing(draft.value);
  const ahead = Object.keys(wrong).length === 0 && instantOf(draft.value.day, draft.value.clock) > new Date();

  const save = async () => {
    if (Object.keys(wrong).length > 0) {
      setTried(true);
      document.getElementById(`visit-${Object.keys(wrong)[0]}`)?.focus();
      return;
    }
    const name = schools.find((other) => other.name === draft.value.school)?.displayName ?? 'School';
    const item = await recorder.record(
      draft.value.school,
      visitOf(draft.value, { leader: session.person, improvementThread }),
      `${ahead ? 'Planned visit' : 'Visit'} · ${name} · ${sayDay(draft.value.day)} ${draft.value.clock}`,
    );
    await draft.clear();
    onClose();
    toast({
      text: ahead ? `Planned: ${name}, ${sayDay(draft.value.day)}` : `Recorded: ${name}`,
      action: { label: 'Undo', run: () => void recorder.takeBack(item) },
    });
  };
  return (
    <Form
      noValidate
      onSubmit={() => void save()}
    >
      {draft.restored && (
        <p className="restored" role="status">
          What you typed before is back.{' '}
          <button type="button" className="text-button" onClick={() => draft.change(blank)}>
            Start afresh
          </button>
        </p>
      )}
      <VisitInputs values={draft.value} set={draft.change} schools={schools} wrong={tried ? wrong : {}} planned={ahead} />
      {improvementThread && <p className="who-reads">Answers an improvement thread.</p>}
      <LastTime school={draft.value.school} visits={visits} />
      <div className="sheet-actions">
        <Button variant="default" onClick={onClose}>
          Later
        </Button>
        <Button type="submit">{ahead ? 'Plan' : 'Record'}</Button>
      </div>
    </Form>
  );
}

interface Drafted {
  values: VisitFields;
  base: VisitFields;
}

function OldVisit({
  visit,
  visits,
  onClose,
  onRefreshed,
}: {
  visit: Visit;
  visits: Visit[];
  onClose: () => void;
  onRefreshed: () => void;
}) {
  const { clients } = useServices();
  const session = useSession();
  const queries = useQueryClient();
  const recorder = useRecorder();
  const toast = useToast();
  const school = schoolOf(visit.name) ?? '';
  const initial = useMemo(() => fieldsOf(visit, school), [visit, school]);
  const draft = useDraft<Drafted>(`edit ${visit.name}`, { values: initial, base: initial });
  const [current, setCurrent] = useState(visit);
  const [problem, setProblem] = useState<Problem>();
  const [conflicts, setConflicts] = useState<FieldConflict[]>([]);
  const [sure, setSure] = useState(false);
  const [busy, setBusy] = useState(false);
  const { values } = draft.value;
  const say = useSayFollowUps();
  const set = (fields: Partial<VisitFields>) => draft.change({ values: { ...values, ...fields } });
  const name = session.schools.find((other) => other.name === school)?.displayName ?? '';

  const mergeWith = (theirs: Visit) => {
    const merged = merge<VisitFields>(draft.value.base, values, fieldsOf(theirs, school));
    setCurrent(theirs);
    setConflicts(merged.conflicts);
    draft.change({ values: merged.value, base: fieldsOf(theirs, school) });
  };
  const checked = useRef(false);
  useEffect(() => {
    if (!draft.ready || checked.current) return;
    checked.current = true;
    if (draft.restored && changedFields<VisitFields>(draft.value.base, initial).length > 0) mergeWith(visit);
  });

  const attempt = async (work: () => Promise<Visit>, done: string) => {
    setBusy(true);
    setProblem(undefined);
    try {
      const saved = await work();
      refetchFor(queries, 'fivestrand/Visit', saved.name);
      toast({ text: done });
      return saved;
    } catch (error) {
      const found = problemOf(error);
      if (found.kind === 'conflict') {
        const theirs = await clients.visibility.getVisit({ name: visit.name }).catch(() => undefined);
        if (theirs) mergeWith(theirs);
      }
      setProblem(found);
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  const write = async (): Promise<Visit> => {
    const changed = changedFields<VisitFields>(fieldsOf(current, school), values);
    if (changed.length === 0) return current;
    const saved = await clients.visibility.updateVisit({
      visit: visitOf(values, current),
      updateMask: create(FieldMaskSchema, { paths: pathsOf(changed) }),
      requestId: newRequestId(),
    });
    await draft.clear();
    return saved;
  };
  const save = () => void attempt(write, 'Saved').then((saved) => saved && onClose());
  const complete = () =>
    void attempt(async () => {
      const saved = await write();
      return clients.visibility.completeVisit({ name: saved.name, etag: saved.etag, requestId: newRequestId() });
    }, `Made: ${name}`).then((saved) => saved && onRefreshed());
  const callOff = () =>
    void attempt(
      () => clients.visibility.cancelVisit({ name: current.name, etag: current.etag, requestId: newRequestId() }),
      `Called off: ${name}`,
    ).then(async (saved) => {
      if (saved) onClose();
    });
  const remove = async () => {
    const removal = await recorder.remove('visit', visit.name, `Visit · ${name}`);
    onClose();
    toast({ text: 'Visit removed', action: { label: 'Undo', run: () => void recorder.bringBack(removal) } });
  };
  const started = (toInstant(current.startTime) ?? new Date()) <= new Date();

  return (
    <Form
      noValidate
      onSubmit={() => save()}
    >
      <p className="log-about">{VISIT_WORDS[current.state]}</p>
      {current.state === Visit_State.PLANNED && (
        <div className="visit-state">
          <Button onClick={complete} disabled={!started || conflicts.length > 0} loading={busy}>
            It took place
          </Button>
          {!sure && (
            <Button variant="default" onClick={() => setSure(true)}>
              Call off
            </Button>
          )}
          {sure && (
            <Button color="red" variant="filled" onClick={callOff}>
              Yes, call off for good
            </Button>
          )}
          {sure && (
            <Button variant="default" onClick={() => setSure(false)}>
              Keep it
            </Button>
          )}
          {!started && <small>It can be marked as made once its time has come.</small>}
        </div>
      )}
      {problem && (
        <div className="problem-line" role="alert">
          <strong>{problem.title}.</strong>{' '}
          {problem.kind === 'offline' ? 'What you typed is kept here. Save again when the connection is back.' : problem.advice}
          {problem.fields.map((field) => (
            <div key={field.field}>{field.description}</div>
          ))}
        </div>
      )}
      {conflicts.map(({ field, mine, theirs }) => {
        const settle = (value: unknown) => {
          set({ [field]: value } as Partial<VisitFields>);
          setConflicts((before) => before.filter((other) => other.field !== field));
        };
        const text = typeof mine === 'string' && ['purpose', 'seen', 'privateNote'].includes(field);
        return (
          <Conflict
            key={field}
            label={labelOf(field)}
            mine={say(mine)}
            theirs={say(theirs)}
            onMine={() => settle(mine)}
            onTheirs={() => settle(theirs)}
            onBoth={text ? () => settle(bothTexts(String(mine), String(theirs))) : undefined}
          />
        );
      })}
      <VisitInputs values={values} set={set} schools={[]} wrong={{}} planned={current.state === Visit_State.PLANNED} />
      <LastTime school={school} visits={visits.filter((other) => other.name !== visit.name)} />
      <div className="sheet-actions">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button type="submit" loading={busy} disabled={conflicts.length > 0}>
          Save
        </Button>
      </div>
      <Button variant="subtle" color="red" fullWidth onClick={() => void remove()}>
        Remove this visit
      </Button>
    </Form>
  );
}

function useSayFollowUps(): (value: unknown) => string {
  const people = usePeople();
  return (value) => {
    if (!Array.isArray(value)) return String(value ?? '');
    return (value as FollowUpFields[])
      .map(({ action, owner, due }) => [action, owner && nameIn(people, owner), due && sayDay(due)].filter(Boolean).join(', '))
      .join('; ');
  };
}

// What was agreed last time, so that one does not walk in without it.
function LastTime({ school, visits }: { school: string; visits: Visit[] }) {
  const people = usePeople();
  const open = openFollowUps(visits.filter((visit) => schoolOf(visit.name) === school));
  if (!school || open.length === 0) return null;
  return (
    <section className="last-time" aria-labelledby="last-time-title">
      <h3 id="last-time-title">Agreed before, still open</h3>
      <ul>
        {open.map(({ visit, index, followUp, due }) => {
          const at = toInstant(visit.startTime);
          return (
            <li key={`${visit.name} ${index}`}>
              {followUp.action}{' '}
              <small>
                {[followUp.owner && nameIn(people, followUp.owner), due && `due ${sayDay(due)}`, at && `agreed ${sayDay(dayOf(at))}`]
                  .filter(Boolean)
                  .join(' · ')}
              </small>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function ReadVisit({ visit }: { visit: Visit }) {
  const people = usePeople();
  const at = toInstant(visit.startTime);
  const end = toInstant(visit.endTime);
  return (
    <dl className="facts">
      <div>
        <dt>When</dt>
        <dd>
          {at && sayWhen(at)}
          {end && dayOf(end) === dayOf(at ?? end) ? ` to ${clockOf(end)}` : ''}, {VISIT_WORDS[visit.state].toLowerCase()}
        </dd>
      </div>
      <div>
        <dt>Who</dt>
        <dd>{nameIn(people, visit.leader)}</dd>
      </div>
      <div>
        <dt>Purpose</dt>
        <dd>{visit.purpose}</dd>
      </div>
      {visit.seen && (
        <div>
          <dt>What was seen</dt>
          <dd>{visit.seen}</dd>
        </div>
      )}
      {visit.followUps.length > 0 && (
        <div>
          <dt>Agreed</dt>
          <dd>
            <ul>
              {visit.followUps.map((followUp, index) => {
                const due = fromProtoDate(followUp.dueDate);
                const done = fromProtoDate(followUp.doneDate);
                return (
                  <li key={index}>
                    {followUp.action}{' '}
                    <small>
                      {[followUp.owner && nameIn(people, followUp.owner), done ? `done ${sayDay(done)}` : due && `due ${sayDay(due)}`]
                        .filter(Boolean)
                        .join(' · ')}
                    </small>
                  </li>
                );
              })}
            </ul>
          </dd>
        </div>
      )}
    </dl>
  );
}
