// Records of all four services that the pages are looked at with, made through the REST interface by those who would make them.
import { signIn, signInAs } from '../caller.mjs';
import { until } from '../harness.mjs';

const DAY = 86_400_000;
export const inDays = (days) => new Date(Date.now() + days * DAY);
export const dateOf = (instant) => ({ year: instant.getFullYear(), month: instant.getMonth() + 1, day: instant.getDate() });

/** A concern that `head` raises about the school, and the thread that answers it. */
export async function openThread(head, school, { seen = 'Books show that feedback is not acted on.', title = 'Feedback in writing' } = {}) {
  const concern = await head.ok('POST', `/v1/${head.trust}/concerns`, { school, element: 'visible-headteacher', seen });
  const thread = await head.ok('POST', `/v1/${head.trust}/improvementThreads:open`, {
    improvementThread: { title, aim: 'Every pupil acts on feedback in the same lesson.' },
    concerns: [concern.name],
  });
  return { concern, thread };
}

/** A course with one event three weeks from now, open to book. */
export async function openEvent(lead, { title = 'Feedback that moves writing on', seats = 1 } = {}) {
  const course = await lead.ok('POST', `/v1/${lead.trust}/courses`, { title, kind: 'WORKSHOP', provider: 'The trust' });
  // The service knows a person once leadership's feed has told it.
  return until('an event', () =>
    lead.ok('POST', `/v1/${lead.trust}/cpdEvents`, {
      course: course.name,
      seats,
      dates: [{ startTime: inDays(21).toISOString(), endTime: new Date(inDays(21).getTime() + 7_200_000).toISOString(), place: 'Library' }],
    }),
  );
}

/** A pulse that is open now. */
export const openPulse = (hr, title = 'Autumn pulse') =>
  until('a pulse', () =>
    hr.ok('POST', `/v1/${hr.trust}/pulseSurveys`, {
      title,
      openTime: new Date(Date.now() - 1000).toISOString(),
      closeTime: inDays(10).toISOString(),
    }),
  );

/** One of each, around the headteacher who comes first. Names of all that is made. */
export async function seed(suite) {
  const head = await signIn(suite, 'HEADTEACHER');
  const coachee = await signIn(suite, 'SENIOR_LEADER');
  const hr = await signInAs(suite, 'HR director');
  const school = head.person.school;
  const { concern, thread } = await openThread(head, school);
  const waiting = await head.ok('POST', `/v1/${head.trust}/concerns`, { school, element: 'outcomes', seen: 'Corridors are loud after lunch.' });
  const cycle = await until('a cycle', () =>
    head.ok('POST', `/v1/${head.trust}/coachingCycles`, {
      coachee: coachee.person.person,
      startDate: dateOf(inDays(-14)),
      cadence: 'FORTNIGHTLY',
      focus: 'Questioning',
      improvementThread: thread.name,
    }),
  );
  await head.ok('POST', `/v1/${head.trust}/actionSteps`, { cycle: cycle.name, text: 'Ask, wait three seconds, then name a pupil.', dueDate: dateOf(inDays(7)) });
  await head.ok('POST', `/v1/${head.trust}/coachingSessions`, { cycle: cycle.name, plannedTime: inDays(-2).toISOString(), note: 'Rehearsed twice.' });
  const event = await openEvent(await signInAs(suite, 'CPD lead'));
  const pulse = await openPulse(hr);
  const checkIn = await hr.ok('POST', `/v1/${hr.trust}/checkIns`, { person: head.person.person, plannedTime: inDays(3).toISOString() });
  const person = head.person.person;
  const support = await hr.ok('POST', `/v1/${hr.trust}/supports`, { person, kind: 'WORKLOAD', startDate: dateOf(inDays(-3)), agreed: 'One meeting less a week.' });
  const followUp = await hr.ok('POST', `/v1/${hr.trust}/welfareFollowUps`, { record: checkIn.name, action: 'Look at the calendar together.', dueDate: dateOf(inDays(4)) });
  const worry = await hr.ok('POST', `/v1/${hr.trust}/welfareConcerns`, { person, text: 'Seems tired.' });
  const planned = await hr.ok('POST', `/v1/${hr.trust}/pulseSurveys`, {
    title: 'Winter pulse',
    openTime: inDays(20).toISOString(),
    closeTime: inDays(30).toISOString(),
  });
  await until('the response on the thread', async () => {
    const { responses } = await head.ok('GET', `/v1/${thread.name}:timeline`);
    return responses?.length > 0;
  });
  return { head, hr, coachee, school, concern, waiting, thread, cycle, event, pulse, planned, checkIn, support, followUp, worry };
}
