// One pulse: to answer while it is open, to read once it is closed.
import { Code, ConnectError } from '@connectrpc/connect';
import { Button, NativeSelect } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { newRequestId } from '../../api/ids';
import { useSession } from '../../app/auth';
import { useNow, useParam } from '../../app/hooks';
import { useClient } from '../../app/services';
import { QuestionSet, type PulseSurvey } from '../../gen/fivestrand/welfare/v1/pulse_pb';
import { PulseService, type PulseResults, type PulseResults_Figure, type PulseResults_Scope } from '../../gen/fivestrand/welfare/v1/pulse_service_pb';
import { dayOf, sayDay, sayWhen, toInstant } from '../../model/dates';
import { mayRunPulses } from '../../model/roles';
import { responseRate, sayChange, smallestGroup, stageOf, whyHeldBack } from '../../model/wellbeing';
import { useAction } from '../../ui/action';
import { Form } from '../../ui/form';
import { Empty, Loading, PageHead, ProblemNote, TableHead } from '../../ui/parts';
import { Sheet } from '../../ui/sheet';
import { PulseForm } from './pulse-form';
import { useOpenPulses } from './queries';

const SCALE = ['Not at all', 'A little', 'Partly', 'Mostly', 'Entirely'];
const SETS: Record<QuestionSet, string> = {
  [QuestionSet.QUESTION_SET_UNSPECIFIED]: '',
  [QuestionSet.CULTURE]: 'Culture',
  [QuestionSet.BELONGING]: 'Belonging',
  [QuestionSet.WORKLOAD]: 'Workload',
};

export default function PulseScreen({ name }: { name: string }) {
  const session = useSession();
  const now = useNow();
  const open = useOpenPulses();
  const entry = open.data?.find(({ pulseSurvey }) => pulseSurvey?.name === name);
  return (
    <>
      <p className="no-print">
        <Link href="/wellbeing/pulses">All pulses</Link>
      </p>
      {open.isPending && <Loading lines={5} />}
      {entry?.pulseSurvey && !entry.answered && (
        <>
          <Answer survey={entry.pulseSurvey} />
          {mayRunPulses(session) && <Manage survey={entry.pulseSurvey} now={now} />}
        </>
      )}
      {open.data && (!entry || entry.answered) && <Results name={name} answered={entry?.answered ?? false} />}
      {open.isError && <ProblemNote error={open.error} onRetry={() => void open.refetch()} title="The pulse" />}
    </>
  );
}

function Answer({ survey }: { survey: PulseSurvey }) {
  const client = useClient(PulseService);
  const queries = useQueryClient();
  const { run, busy, problem } = useAction();
  const [ratings, setRatings] = useState<Record<string, number>>({});
  const [sent, setSent] = useState(false);
  const count = Object.keys(ratings).length;
  if (sent) {
    return (
      <>
        <PageHead title={survey.title} />
        <Empty title="Thank you">Your answer is in, and nobody can tell that it is yours. The figures come when the pulse is over.</Empty>
      </>
    );
  }
  return (
    <>
      <PageHead title={survey.title}>{survey.questions.length} questions, about a minute. Leave out what you like.</PageHead>
      <details className="how-anonymous">
        <summary>How this stays anonymous</summary>
        <p>
          That you have taken part is kept as a mark that cannot be turned back into your name, so that you answer once. Your answer is kept apart from it, encrypted, without a time and without an order. When the pulse
          closes, the figures are made and every answer is destroyed. No figure is ever made over fewer than {smallestGroup(survey)} answers.
        </p>
      </details>
      <Form
        className="form pulse"
        onSubmit={() => {
          if (count === 0) return;
          void run(async () => {
            try {
              await client.answerPulse({
                name: survey.name,
                ratings: Object.entries(ratings).map(([question, value]) => ({ question, value })),
              });
            } catch (error) {
              // The first answer had arrived, only its confirmation was lost.
              if (ConnectError.from(error).code !== Code.AlreadyExists) throw error;
            }
            setSent(true);
            await queries.invalidateQueries({ queryKey: ['pulses'] });
          });
        }}
      >
        {survey.questions.map((question) => (
          <fieldset key={question.id}>
            <legend>{question.text}</legend>
            <div className="scale">
              {SCALE.map((label, index) => (
                <label key={label}>
                  <input
                    type="radio"
                    name={question.id}
                    checked={ratings[question.id] === index + 1}
                    onChange={() => setRatings({ ...ratings, [question.id]: index + 1 })}
                  />
                  <span>{label}</span>
                </label>
              ))}
            </div>
          </fieldset>
        ))}
        {problem}
        <Button type="submit" loading={busy} disabled={count === 0}>
          Send {count} of {survey.questions.length} answers
        </Button>
      </Form>
    </>
  );
}

function Results({ name, answered }: { name: string; answered: boolean }) {
  const client = useClient(PulseService);
  const now = useNow();
  const session = useSession();
  const query = useQuery({ queryKey: ['pulses', name, 'results'], queryFn: ({ signal }) => client.readPulseResults({ name }, { signal }) });
  const survey = query.data?.pulseSurvey;
  return (
    <>
      {query.isPending && <Loading lines={4} />}
      {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="The figures" />}
      {survey && query.data && (
        <>
          <PageHead title={survey.title}>
            {sayDay(dayOf(toInstant(survey.openTime) ?? now))} to {sayDay(dayOf(toInstant(survey.closeTime) ?? now))}
            {survey.schools.length > 0 && `, ${survey.schools.length === 1 ? 'one school' : `${survey.schools.length} schools`}`}
          </PageHead>
          <Stage survey={survey} results={query.data} answered={answered} now={now} />
          {mayRunPulses(session) && <Manage survey={survey} now={now} />}
        </>
      )}
    </>
  );
}

function Stage({ survey, results, answered, now }: { survey: PulseSurvey; results: PulseResults; answered: boolean; now: Date }) {
  const thanks = answered ? 'Your answer is in. ' : '';
  switch (stageOf(survey, now)) {
    case 'planned':
      return <Empty title="It is not open yet">It opens on {sayWhen(toInstant(survey.openTime) ?? now)}.</Empty>;
    case 'closing':
      return <Empty title="It is over">{thanks}The figures are being made; they are here in a minute.</Empty>;
    case 'cancelled':
      return <Empty title="It was called off">No figures were made, and its answers no longer exist.</Empty>;
    case 'closed':
      return <Figures results={results} survey={survey} />;
    default: {
      const whole = results.scopes[0];
      return (
        <Empty title={answered ? 'You have answered' : 'It is open'}>
          {whole?.answered === undefined
            ? `${thanks}The figures come when it is over.`
            : `${thanks}At least ${whole.answered} of ${whole.invited} have answered, counted in fives. The figures come when it is over.`}
        </Empty>
      );
    }
  }
}

// Closing and calling off cannot be undone, so each asks once more and says what is lost.
function Manage({ survey, now }: { survey: PulseSurvey; now: Date }) {
  const client = useClient(PulseService);
  const queries = useQueryClient();
  const { run, busy, problem } = useAction();
  const editing = useParam('edit');
  const [asked, setAsked] = useState<'close' | 'cancel' | undefined>();
  const stage = stageOf(survey, now);
  if (stage !== 'planned' && stage !== 'open') return null;
  const request = { name: survey.name, etag: survey.etag, requestId: newRequestId() };
  const act = (work: () => Promise<unknown>) =>
    run(async () => {
      await work();
      setAsked(undefined);
      await queries.invalidateQueries({ queryKey: ['pulses'] });
    });
  return (
    <section aria-labelledby="manage-title" className="form">
      <h2 id="manage-title" className="section-title">
        Run it
      </h2>
      {problem}
      <div className="answer-ways">
        <Button variant="default" onClick={() => editing.open('pulse')}>
          Change it
        </Button>
        {stage === 'open' && (
          <Button variant="default" onClick={() => setAsked('close')}>
            Close it now
          </Button>
        )}
        <Button variant="default" onClick={() => setAsked('cancel')}>
          Call it off
        </Button>
      </div>
      {asked === 'close' && (
        <div role="group" aria-label="Close it now">
          <p>Nobody can answer after this. The figures are made, and every answer is destroyed. There is no way back.</p>
          <Button loading={busy} onClick={() => void act(() => client.closePulseSurvey(request))}>
            Close it and make the figures
          </Button>
        </div>
      )}
      {asked === 'cancel' && (
        <div role="group" aria-label="Call it off">
          <p>{stage === 'open' ? 'Every answer that was given is destroyed, and no figure is made of them. There is no way back.' : 'Nobody will be asked. There is no way back.'}</p>
          <Button color="red" loading={busy} onClick={() => void act(() => client.cancelPulseSurvey(request))}>
            {stage === 'open' ? 'Destroy the answers' : 'Yes, call it off'}
          </Button>
        </div>
      )}
      <Sheet opened={editing.value !== undefined} onClose={editing.close} title="The pulse">
        {editing.value !== undefined && <PulseForm key={survey.etag} survey={survey} onDone={editing.close} />}
      </Sheet>
    </section>
  );
}

const SET_ORDER = [QuestionSet.CULTURE, QuestionSet.BELONGING, QuestionSet.WORKLOAD];
const setIndex = (figures: PulseResults_Figure[], set: QuestionSet) => figures.find((figure) => figure.set === set && figure.question === '')?.index;

function Figures({ results, survey }: { results: PulseResults; survey: PulseSurvey }) {
  const session = useSession();
  const least = smallestGroup(survey);
  const sets = SET_ORDER.filter((set) => survey.questions.some((question) => question.set === set));
  const questions = new Map(survey.questions.map((question) => [question.id, question]));
  const whole = results.scopes[0];
  const label = (scope: PulseResults_Scope) => session.schools.find(({ name }) => name === scope.scope)?.displayName ?? 'Whole trust';
  return (
    <>
      <div className="grid-scroll" tabIndex={0} role="region" aria-label="Indices by school">
        <table className="numbers">
          <caption>
            Index from 0, nobody agrees at all, to 100, everybody entirely. No figure is made over fewer than {least} answers, nor one that would give such a figure away.
          </caption>
          <TableHead left={['Where']} right={[...sets.map((set) => SETS[set]), 'Answered']} />
          <tbody>
            {results.scopes.map((scope) => {
              const rate = responseRate(scope);
              const before = scope.past.at(-1)?.responseRate;
              return (
                <tr key={scope.scope}>
                  <th scope="row">{label(scope)}</th>
                  {sets.map((set) => {
                    const now = setIndex(scope.figures, set);
                    const earlier = setIndex(scope.past.at(-1)?.figures ?? [], set);
                    return (
                      <td key={set} className="right">
                        {now ?? 'held back'}
                        {now === undefined && <small>{whyHeldBack(scope, least)}</small>}
                        {earlier !== undefined && <small>{now === undefined ? `before: ${earlier}` : `before: ${earlier} (${sayChange(now - earlier)})`}</small>}
                      </td>
                    );
                  })}
                  <td className="right">
                    {rate === undefined ? 'held back' : `${rate} % (${scope.answered} of ${scope.invited})`}
                    {before !== undefined && <small>before: {Math.round(before * 100)} %</small>}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {whole && whole.past.length > 0 && <Trend scopes={results.scopes} sets={sets} survey={survey} label={label} />}
      {whole && whole.figures.some(({ question }) => question) && (
        <table className="numbers">
          <caption>By question, the whole trust. The ± says how far people differ: the larger it is, the less they agree with one another (it is the standard deviation).</caption>
          <tbody>
            {whole.figures
              .filter(({ question }) => question)
              .map((figure) => (
                <tr key={figure.question}>
                  <th scope="row">
                    {questions.get(figure.question)?.text}
                    {questions.get(figure.question)?.reversed && <small> (turned round: more is better)</small>}
                  </th>
                  <td className="right">
                    {figure.index}
                    <small className="unbroken">± {figure.spread}</small>
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      )}
    </>
  );
}

// The rounds of one scope in the order of time, the newest last.
function Trend({ scopes, sets, survey, label }: { scopes: PulseResults_Scope[]; sets: QuestionSet[]; survey: PulseSurvey; label: (scope: PulseResults_Scope) => string }) {
  const [at, setAt] = useState(scopes[0]?.scope ?? '');
  const scope = scopes.find((one) => one.scope === at) ?? scopes[0];
  if (!scope) return null;
  const rate = responseRate(scope);
  const rounds = [
    ...scope.past.map((past) => ({ key: past.pulseSurvey, title: past.title, rate: past.responseRate === undefined ? undefined : Math.round(past.responseRate * 100), figures: past.figures })),
    { key: survey.name, title: survey.title, rate, figures: scope.figures },
  ];
  return (
    <section aria-labelledby="trend-title">
      <h2 id="trend-title" className="section-title">
        From round to round
      </h2>
      {scopes.length > 1 && (
        <NativeSelect label="Where" value={at} data={scopes.map((one) => ({ value: one.scope, label: label(one) }))} onChange={(event) => setAt(event.currentTarget.value)} />
      )}
      <div className="grid-scroll" tabIndex={0} role="region" aria-label="Round by round">
        <table className="numbers">
          <caption className="sr-only">Indices round by round, the newest last</caption>
          <TableHead left={['Round']} right={[...sets.map((set) => SETS[set]), 'Answered']} />
          <tbody>
            {rounds.map((round) => (
              <tr key={round.key}>
                <th scope="row">{round.title}</th>
                {sets.map((set) => (
                  <td key={set} className="right">
                    {setIndex(round.figures, set) ?? 'held back'}
                  </td>
                ))}
                <td className="right">{round.rate === undefined ? 'held back' : `${round.rate} %`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
