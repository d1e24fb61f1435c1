// Every page of the portal: who looks at it, where it is, what shows that it is there. `made` is what seed.mjs made.
import { chiefExecutive, demoPeople, executiveHead, headteacher, personWith } from './support.mjs';

const head = (suite) => headteacher(suite, 0);
const teacher = (suite) => personWith(suite, 'TEACHER');
const officer = (title) => async (suite) => (await demoPeople(suite)).find(({ postTitle }) => postTitle === title);
const id = (name) => name.split('/').at(-1);
const LIST = '.record, .empty';

export const PAGES = [
  { name: 'my day', who: head, path: ({ school }) => `/schools/${id(school)}/day`, ready: '.class-button' },
  {
    name: 'choosing a focus',
    who: head,
    path: ({ school }) => `/schools/${id(school)}/day`,
    ready: '.class-button',
    then: (page) => page.locator('.class-button').first().click(),
    shown: '.focus-button',
  },
  { name: 'a modelled lesson', who: head, path: ({ school }) => `/schools/${id(school)}/day?lesson=new`, ready: '#lesson-class' },
  { name: 'a school', who: head, path: ({ school }) => `/schools/${id(school)}`, ready: '.element-tile' },
  { name: 'an element', who: head, path: ({ school }) => `/schools/${id(school)}?element=visible-headteacher`, ready: '.heat' },
  { name: 'what waits', who: head, path: () => '/waiting', ready: '.empty' },
  { name: 'no such page', who: head, path: () => '/nowhere', ready: '.empty' },
  { name: 'concerns', who: head, path: () => '/concerns', ready: '.record' },
  { name: 'a concern', who: head, path: ({ waiting }) => `/concerns?concern=${id(waiting.name)}`, ready: '.concern-headline' },
  {
    name: 'opening a thread',
    who: head,
    path: ({ waiting }) => `/concerns?concern=${id(waiting.name)}`,
    ready: '.answer-ways',
    then: (page) => page.getByRole('button', { name: 'Open a thread', exact: true }).click(),
    shown: 'textarea',
  },
  { name: 'raising a concern', who: head, path: () => '/concerns?raise=new', ready: 'textarea' },
  { name: 'a thread', who: head, path: ({ thread }) => `/concerns/threads/${id(thread.name)}`, ready: '.lanes' },
  { name: 'pupils', who: head, path: () => '/results/pupils', ready: LIST },
  {
    name: 'a pupil',
    who: head,
    path: () => '/results/pupils',
    ready: 'a.record-open',
    then: (page) => page.locator('a.record-open').first().click(),
    shown: '.heat, .numbers, h1 ~ .empty',
  },
  {
    name: 'the figures of a pulse',
    who: head,
    path: () => '/wellbeing/pulses',
    ready: 'a.record-open',
    then: (page) => page.locator('a.record-open', { hasText: 'closed' }).first().click(),
    shown: '.numbers',
  },
  { name: 'pulses', who: head, path: () => '/wellbeing/pulses', ready: LIST },
  { name: 'a pulse', who: head, path: ({ pulse }) => `/wellbeing/pulses/${id(pulse.name)}`, ready: '.pulse fieldset' },
  { name: 'a check-in', who: head, path: ({ checkIn }) => `/wellbeing/check-ins/${id(checkIn.name)}`, ready: 'h1' },
  { name: 'a coaching room', who: head, path: ({ cycle }) => `/learning/coaching/${id(cycle.name)}`, ready: '.step-card' },
  {
    name: 'changing a cycle',
    who: head,
    path: ({ cycle }) => `/learning/coaching/${id(cycle.name)}?edit=cycle`,
    ready: '[role=dialog] form.form',
  },
  {
    name: 'changing a step and removing a session',
    who: head,
    path: ({ cycle }) => `/learning/coaching/${id(cycle.name)}`,
    ready: '.step-card',
    then: async (page) => {
      await page.getByRole('button', { name: 'Change the step' }).click();
      await page.getByRole('button', { name: 'Remove it' }).first().click();
    },
    shown: '[role=group] .mantine-Button-root',
  },
  { name: 'support of one’s own', who: head, path: ({ support }) => `/wellbeing/supports/${id(support.name)}`, ready: '.told' },
  { name: 'a promise to oneself', who: head, path: ({ followUp }) => `/wellbeing/follow-ups/${id(followUp.name)}`, ready: '.told' },
  { name: 'telling of a worry', who: head, path: () => '/wellbeing?tell=new', ready: '[role=dialog] textarea' },
  { name: 'beginning a cycle', who: head, path: ({ thread }) => `/learning/coaching?begin=new&thread=${id(thread.name)}`, ready: 'form.form' },
  { name: 'courses', who: teacher, path: () => '/learning', ready: LIST },
  {
    name: 'a course',
    who: teacher,
    path: () => '/learning',
    ready: '.record',
    then: (page) => page.locator('button.record-open').first().click(),
    shown: '.mantine-Drawer-content, [role=dialog]',
  },
  { name: 'coaching', who: teacher, path: () => '/learning/coaching', ready: '.empty' },
  { name: 'wellbeing', who: teacher, path: () => '/wellbeing', ready: LIST },
  { name: 'the grid', who: teacher, path: () => '/results/grid', ready: '.result-grid, .empty' },
  { name: 'the model', who: teacher, path: () => '/model', ready: '.model-element' },
  {
    name: 'changing the model',
    who: officer('System administrator'),
    path: () => '/model?element=visible-headteacher',
    ready: '.model-element',
    then: async (page) => {
      await page.locator('[data-element=visible-headteacher]').getByRole('button', { name: /^Change/ }).click();
      await page.getByRole('button', { name: /^Agree a target/ }).first().click();
      await page.locator('#model-visible-headteacher').evaluate((heading) => heading.scrollIntoView());
    },
    shown: '.agreed-form',
  },
  { name: 'revisions of the model', who: officer('System administrator'), path: () => '/model?history=open', ready: '.revisions' },
  { name: 'my lessons', who: teacher, path: (made, person) => `/schools/${id(person.school)}/mine`, ready: LIST },
  { name: 'visits', who: executiveHead, path: () => '/visits', ready: '.school-card' },
  { name: 'a new visit', who: executiveHead, path: () => '/visits?visit=new', ready: '#visit-purpose' },
  { name: 'the trust', who: chiefExecutive, path: () => '/trust', ready: '.trust-table tbody tr:nth-child(3)' },
  { name: 'analysis', who: chiefExecutive, path: () => '/results', ready: '.answer, .empty' },
  { name: 'courses to run', who: officer('CPD lead'), path: () => '/learning/manage', ready: LIST },
  { name: 'check-ins held', who: officer('HR director'), path: () => '/wellbeing/held', ready: LIST },
  { name: 'a new check-in', who: officer('HR director'), path: () => '/wellbeing/held?add=check-in', ready: 'form.form' },
  { name: 'a worry held', who: officer('HR director'), path: ({ worry }) => `/wellbeing/concerns/${id(worry.name)}`, ready: '.matter textarea' },
  { name: 'support held', who: officer('HR director'), path: ({ support }) => `/wellbeing/supports/${id(support.name)}`, ready: '.matter textarea' },
  { name: 'a promise held', who: officer('HR director'), path: ({ followUp }) => `/wellbeing/follow-ups/${id(followUp.name)}`, ready: '.told' },
  { name: 'handing over', who: officer('HR director'), path: () => '/wellbeing/held?add=hand-over', ready: 'form.form' },
  { name: 'a pulse that is planned', who: officer('HR director'), path: ({ planned }) => `/wellbeing/pulses/${id(planned.name)}`, ready: '.empty' },
  { name: 'changing a pulse', who: officer('HR director'), path: ({ planned }) => `/wellbeing/pulses/${id(planned.name)}?edit=pulse`, ready: '[role=dialog] form.form' },
  { name: 'a course to change', who: officer('CPD lead'), path: ({ event }) => `/learning/manage?course=${id(event.course)}`, ready: '[role=dialog] form.form' },
  { name: 'the bookings of an event', who: officer('CPD lead'), path: ({ event }) => `/learning/manage?register=${id(event.name)}`, ready: '[role=dialog] .empty' },
  {
    name: 'changing an event',
    who: officer('CPD lead'),
    path: ({ event }) => `/learning/manage?register=${id(event.name)}`,
    ready: '[role=dialog] .empty',
    then: (page) => page.getByText('Change', { exact: true }).click(),
    shown: '[role=dialog] fieldset',
  },
  { name: 'an emergency', who: officer('HR director'), path: () => '/wellbeing/emergency', ready: 'form' },
  { name: 'an import', who: officer('Data lead'), path: () => '/results/import', ready: '.question' },
  { name: 'windows', who: officer('Data lead'), path: () => '/results/setup', ready: '.record' },
  {
    name: 'a window',
    who: officer('Data lead'),
    path: () => '/results/setup',
    ready: '.record',
    then: (page) => page.locator('button.record-open').first().click(),
    shown: '[role=dialog] form',
  },
  {
    name: 'planning a year',
    who: officer('Data lead'),
    path: () => '/results/setup',
    ready: '.record',
    then: (page) => page.getByRole('button', { name: /^Plan / }).first().click(),
    shown: '.plan-row',
  },
  { name: 'scales', who: officer('Data lead'), path: () => '/results/setup/scales', ready: '.record' },
  {
    name: 'a new version of a scale',
    who: officer('Data lead'),
    path: () => '/results/setup/scales',
    ready: '.record',
    then: async (page) => {
      await page.locator('button.record-open').last().click();
      await page.getByRole('button', { name: 'Make a new version' }).click();
    },
    shown: '.code-row',
  },
  { name: 'mappings', who: officer('Data lead'), path: () => '/results/setup/mappings', ready: LIST },
  { name: 'small numbers', who: officer('System administrator'), path: () => '/results/setup/small-numbers', ready: '.threshold' },
  {
    name: 'a pupil’s other record',
    who: officer('Data lead'),
    path: () => '/results/pupils',
    ready: 'a.record-open',
    then: async (page) => {
      await page.locator('a.record-open').first().click();
      await page.getByRole('button', { name: 'This pupil has another record' }).click();
    },
    shown: '[role=dialog] .form',
  },
  {
    name: 'adding to a group',
    who: (suite) => personWith(suite, 'SENDCO'),
    path: () => '/results/pupils',
    ready: 'a.record-open',
    then: async (page) => {
      await page.locator('a.record-open').first().click();
      await page.getByRole('button', { name: 'Add to a group' }).click();
    },
    shown: '[role=dialog] form',
  },
];
