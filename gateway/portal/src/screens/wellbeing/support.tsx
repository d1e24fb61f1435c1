// Support that was agreed with a member of staff: what kind, from when, when it is looked at again.
import { create } from '@bufbuild/protobuf';
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { newRequestId } from '../../api/ids';
import { useSession } from '../../app/auth';
import { nameIn, usePeople } from '../../app/queries';
import { useClient } from '../../app/services';
import { Support_State, SupportSchema, type Support } from '../../gen/fivestrand/welfare/v1/welfare_pb';
import { WelfareService } from '../../gen/fivestrand/welfare/v1/welfare_service_pb';
import { addDays, fromProtoDate, sayDay, toProtoDate, today, type Day } from '../../model/dates';
import { Loading, ProblemNote } from '../../ui/parts';
import { Readers } from '../../ui/readers';
import { WordSelect } from '../../ui/word-select';
import { Circle, HandOne, MatterHead, Promises, ReadTexts, TextFields, Told, useChange, useTexts } from './matter';
import { SUPPORT_STATES, SUPPORT_WORDS, useSupport } from './queries';

const MOST_REVIEWS = 20;

export default function SupportScreen({ name }: { name: string }) {
  const query = useSupport(name);
  return (
    <>
      {query.isPending && <Loading lines={5} />}
      {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="The support" />}
      {query.data && <Detail support={query.data} />}
    </>
  );
}

const reviewsOf = (support: Support) => support.reviewDates.flatMap((date) => fromProtoDate(date) ?? []);

function Detail({ support }: { support: Support }) {
  const session = useSession();
  const people = usePeople();
  const holds = support.holder === session.person;
  const own = support.person === session.person;
  const start = fromProtoDate(support.startDate);
  const done = fromProtoDate(support.doneDate);
  const next = reviewsOf(support).find((day) => day >= today());
  return (
    <>
      <MatterHead
        matter={support}
        title={own ? `Support, with ${nameIn(people, support.holder)}` : `Support, ${nameIn(people, support.person)}`}
        state={[SUPPORT_STATES[support.state], start && `since ${sayDay(start)}`, done && `until ${sayDay(done)}`].filter(Boolean).join(' · ')}
      />
      <div className="form matter">
        {holds ? (
          <Holding support={support} />
        ) : (
          <>
            <Told label="Kind">{SUPPORT_WORDS[support.kind]}</Told>
            {next && <Told label="Looked at again">{sayDay(next)}</Told>}
            <ReadTexts note={support.note} agreed={support.agreed} />
          </>
        )}
        {own && <Circle matter={support} />}
        {own && <Readers name={support.name} service="welfare" />}
        {holds && <Promises matter={support} />}
        {holds && <HandOne matter={support} />}
      </div>
    </>
  );
}

function Holding({ support }: { support: Support }) {
  const client = useClient(WelfareService);
  const { change, busy, problem } = useChange(support.name);
  const { texts, trimmed, changed, set } = useTexts(support);
  const was = { kind: support.kind, start: fromProtoDate(support.startDate) ?? today(), reviews: reviewsOf(support) };
  const [kind, setKind] = useState(was.kind);
  const [start, setStart] = useState<Day>(was.start);
  const [reviews, setReviews] = useState<Day[]>(was.reviews);
  const base = { name: support.name, etag: support.etag };
  const inPlace = support.state === Support_State.IN_PLACE;
  const differs = changed || kind !== was.kind || start !== was.start || reviews.join() !== was.reviews.join();
  const complete = start && reviews.every(Boolean);
  const keep = () =>
    change(() =>
      client.updateSupport({
        support: create(SupportSchema, { ...base, ...trimmed, kind, startDate: toProtoDate(start), reviewDates: [...reviews].sort().map(toProtoDate) }),
        updateMask: { paths: ['kind', 'start_date', 'review_dates', 'note', 'agreed'] },
        requestId: newRequestId(),
      }),
    ).then((kept) => kept && setReviews([...reviews].sort()));
  return (
    <>
      {problem}
      <div className="form-pair">
        <WordSelect label="Kind" words={SUPPORT_WORDS} value={kind} onChange={setKind} />
        <TextInput label="From" type="date" value={start} onChange={(event) => setStart(event.currentTarget.value)} />
      </div>
      {reviews.map((day, index) => (
        <div className="with-button" key={index}>
          <TextInput
            label={`Looked at again${reviews.length > 1 ? `, ${index + 1}` : ''}`}
            type="date"
            min={start}
            value={day}
            onChange={(event) => setReviews(reviews.map((other, at) => (at === index ? event.currentTarget.value : other)))}
          />
          <Button variant="default" onClick={() => setReviews(reviews.filter((_, at) => at !== index))}>
            Remove<span className="sr-only"> the day of review {index + 1}</span>
          </Button>
        </div>
      ))}
      {reviews.length < MOST_REVIEWS && (
        <Button variant="default" onClick={() => setReviews([...reviews, addDays(reviews.at(-1) || today(), 28)])}>
          Add a day to look at it again
        </Button>
      )}
      <TextFields texts={texts} set={set} person={support.person} />
      <div className="answer-ways">
        {differs && (
          <Button loading={busy} disabled={!complete} onClick={() => void keep()}>
            Keep it
          </Button>
        )}
        {inPlace && (
          <>
            <Button variant="default" loading={busy} disabled={differs} onClick={() => void change(() => client.finishSupport({ name: support.name, requestId: newRequestId() }))}>
              It has ended
            </Button>
            <Button
              variant="default"
              loading={busy}
              disabled={differs}
              onClick={() => void change(() => client.finishSupport({ name: support.name, withdrawn: true, requestId: newRequestId() }))}
            >
              Called off before it began
            </Button>
          </>
        )}
      </div>
    </>
  );
}
