// One pulse: to answer while it is open, to read once it is closed.
import { Code, ConnectError } from '@connectrpc/connect';
import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { useSession } from '../../app/auth';
import { useClient } from '../../app/services';
import { PulseSurvey_State, QuestionSet, type PulseSurvey } from '../../gen/fivestrand/welfare/v1/pulse_pb';
import { PulseService, type PulseResults, type PulseResults_Scope } from '../../gen/fivestrand/welfare/v1/pulse_service_pb';
import { dayOf, sayDay, toInstant } from '../../model/dates';
import { useAction } from '../../ui/action';
import { Empty, Loading, PageHead, ProblemNote } from '../../ui/parts';
import { useOpenPulses } from './queries';

const SCALE = ['Not at all', 'A little', 'Partly', 'Mostly', 'Entirely'];
const SETS: Record<QuestionSet, string> = {
  [QuestionSet.QUESTION_SET_UNSPECIFIED]: '',
  [QuestionSet.CULTURE]: 'Culture',
  [QuestionSet.BELONGING]: 'Belonging',
  [QuestionSet.WORKLOAD]: 'Workload',
};

export default function PulseScreen({ name }: { name: string }) {
  const open = useOpenPulses();
  const entry = open.data?.find(({ pulseSurvey }) => pulseSurvey?.name === name);
  return (
    <>
      <p className="no-print">
        <Link href="/wellbeing/pulses">All pulses</Link>
      </p>
      {open.isPending && <Loading lines={5} />}
      {entry?.pulseSurvey && !entry.answered && <Answer survey={entry.pulseSurvey} />}
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
          closes, the figures are made and every answer is destroyed. No figure is ever made over fewer than {survey.minGroupSize || 10} answers.
        </p>
      </details>
      <form
        className="form pulse"
        onSubmit={(event) => {
          event.preventDefault();
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
      </form>
    </>
  );
}

function Results({ name, answered }: { name: string; answered: boolean }) {
  const client = useClient(PulseService);
  const query = useQuery({ queryKey: ['pulses', name], queryFn: ({ signal }) => client.readPulseResults({ name }, { signal }) });
  const survey = query.data?.pulseSurvey;
  return (
    <>
      {query.isPending && <Loading lines={5} />}
      {query.isError && <ProblemNote error={query.error} onRetry={() => void query.refetch()} title="The figures" />}
      {survey && (
        <>
          <PageHead title={survey.title}>
            {survey.state === PulseSurvey_State.CLOSED ? `Closed ${sayDay(dayOf(toInstant(survey.closeTime) ?? new Date()))}` : answered ? 'You have answered. The figures come when it is over.' : 'Not open to you at this time.'}
          </PageHead>
          {survey.state === PulseSurvey_State.CLOSED && <Figures results={query.data as PulseResults} />}
        </>
      )}
    </>
  );
}

function Figures({ results }: { results: PulseResults }) {
  const session = useSession();
  const sets = [QuestionSet.CULTURE, QuestionSet.BELONGING, QuestionSet.WORKLOAD];
  const whole = results.scopes[0];
  const label = (scope: PulseResults_Scope) => session.schools.find(({ name }) => name === scope.scope)?.displayName ?? 'Whole trust';
  const index = (scope: PulseResults_Scope, set: QuestionSet) => scope.figures.find((figure) => figure.set === set && figure.question === '')?.index;
  return (
    <>
      <div className="grid-scroll" tabIndex={0} role="region" aria-label="Indices by school">
        <table className="numbers">
          <caption>Index from 0, nobody agrees at all, to 100, everybody entirely. Hidden where too few answered, or where it would give another figure away.</caption>
          <thead>
            <tr>
              <th scope="col">Where</th>
              {sets.map((set) => (
                <th scope="col" key={set} className="right">
                  {SETS[set]}
                </th>
              ))}
              <th scope="col" className="right">
                Answered
              </th>
            </tr>
          </thead>
          <tbody>
            {results.scopes.map((scope) => (
              <tr key={scope.scope}>
                <th scope="row">{label(scope)}</th>
                {sets.map((set) => (
                  <td key={set} className="right">
                    {index(scope, set) ?? 'too few'}
                    <Before scope={scope} set={set} />
                  </td>
                ))}
                <td className="right">{scope.answered === undefined || !scope.invited ? 'too few' : `${Math.round((scope.answered / scope.invited) * 100)} % (${scope.answered} of ${scope.invited})`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {whole && whole.figures.some(({ question }) => question) && (
        <table className="numbers">
          <caption>By question, the whole trust.</caption>
          <tbody>
            {whole.figures
              .filter(({ question }) => question)
              .map((figure) => (
                <tr key={figure.question}>
                  <th scope="row">{results.pulseSurvey?.questions.find(({ id }) => id === figure.question)?.text}</th>
                  <td className="right">{figure.index}</td>
                </tr>
              ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function Before({ scope, set }: { scope: PulseResults_Scope; set: QuestionSet }) {
  const before = scope.past.at(-1)?.figures.find((figure) => figure.set === set && figure.question === '')?.index;
  if (before === undefined) return null;
  return <small>before: {before}</small>;
}
