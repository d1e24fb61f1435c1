// Pulse surveys: those that wait for an answer, and the figures of those that are over. For who runs them, a way to plan, change, close
// and call off one.
import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { idOf } from '../../api/names';
import { useSession } from '../../app/auth';
import { useNow, useParam } from '../../app/hooks';
import type { PulseSurvey } from '../../gen/fivestrand/welfare/v1/pulse_pb';
import { dayOf, sayDay, toInstant } from '../../model/dates';
import { mayRunPulses } from '../../model/roles';
import { stageOf } from '../../model/wellbeing';
import { PlusIcon, WellbeingIcon } from '../../ui/icons';
import { Empty, Loading, PageHead, ProblemNote } from '../../ui/parts';
import { ListRow } from '../../ui/list-row';
import { Sheet } from '../../ui/sheet';
import { PulseForm } from './pulse-form';
import { useOpenPulses, usePulses } from './queries';

const dayIn = (time: PulseSurvey['openTime']) => sayDay(dayOf(toInstant(time) ?? new Date()));

export default function PulsesScreen() {
  const session = useSession();
  const now = useNow();
  const open = useOpenPulses();
  const all = usePulses();
  const adding = useParam('add');
  const [more, setMore] = useState(false);
  const runs = mayRunPulses(session);
  const at = (stage: string) => (all.data ?? []).filter((survey) => stageOf(survey, now) === stage);
  const closed = at('closed');
  const cancelled = at('cancelled');
  const mine = new Set(open.data?.map(({ pulseSurvey }) => pulseSurvey?.name));
  // Whoever runs them sees those too that invite other schools.
  const running = runs ? [...at('open'), ...at('closing')].filter(({ name }) => !mine.has(name)) : [];
  return (
    <>
      <PageHead
        title="Pulses"
        actions={
          runs && (
            <Button leftSection={<PlusIcon size={20} />} onClick={() => adding.open('new')}>
              Pulse
            </Button>
          )
        }
      >
        How we are doing, in a minute, without names.
      </PageHead>
      <h2 className="section-title">Open now</h2>
      {open.isPending && <Loading lines={2} />}
      {open.isError && <ProblemNote error={open.error} onRetry={() => void open.refetch()} title="Pulses" />}
      {open.data?.length === 0 && running.length === 0 && <Empty title="None is open" />}
      <ul className="record-list">
        {open.data?.map(
          ({ pulseSurvey, answered }) =>
            pulseSurvey && (
              <Row key={pulseSurvey.name} survey={pulseSurvey}>
                {answered ? 'You have answered' : 'Waits for you'}, until {dayIn(pulseSurvey.closeTime)}
              </Row>
            ),
        )}
        {running.map((survey) => (
          <Row key={survey.name} survey={survey}>
            {stageOf(survey, now) === 'open' ? `for others, until ${dayIn(survey.closeTime)}` : 'is being closed'}
          </Row>
        ))}
        {at('planned').map((survey) => (
          <Row key={survey.name} survey={survey}>
            opens {dayIn(survey.openTime)}
          </Row>
        ))}
      </ul>
      <h2 className="section-title">Over, with their figures</h2>
      {all.isError && <ProblemNote error={all.error} onRetry={() => void all.refetch()} title="Earlier pulses" />}
      {closed.length === 0 && all.data && <Empty title="None so far" />}
      <ul className="record-list">
        {closed.map((survey) => (
          <Row key={survey.name} survey={survey}>
            closed {dayIn(survey.closeTime)}
          </Row>
        ))}
      </ul>
      {runs && cancelled.length > 0 && (
        <>
          <Button mt="md" variant="default" aria-expanded={more} onClick={() => setMore(!more)}>
            {more ? 'Hide what was called off' : cancelled.length === 1 ? 'Show 1 that was called off' : `Show ${cancelled.length} that were called off`}
          </Button>
          {more && (
            <ul className="record-list">
              {cancelled.map((survey) => (
                <Row key={survey.name} survey={survey}>
                  called off; its answers no longer exist
                </Row>
              ))}
            </ul>
          )}
        </>
      )}
      <Sheet opened={adding.value !== undefined && runs} onClose={adding.close} title="A pulse">
        {adding.value !== undefined && runs && <PulseForm onDone={adding.close} />}
      </Sheet>
    </>
  );
}

function Row({ survey, children }: { survey: PulseSurvey; children: ReactNode }) {
  return (
    <ListRow icon={<WellbeingIcon size={20} />} title={survey.title} href={`/wellbeing/pulses/${idOf(survey.name)}`}>
      {children}
    </ListRow>
  );
}
