// The words for the codes of the contract.
import { Band, Direction, NoValueReason, Unit, type Cut, type Measure, type Reading } from '../gen/fivestrand/evidence/v1/evidence_pb';
import { Beat_Kind, Beat_Status } from '../gen/fivestrand/leadership/v1/visibility_service_pb';
import { CalendarDay_Kind } from '../gen/fivestrand/leadership/v1/calendar_pb';
import { Concern_State, ImprovementThread_State, Outcome, Rule } from '../gen/fivestrand/leadership/v1/improvement_pb';
import { Stage } from '../gen/fivestrand/leadership/v1/model_pb';
import { Duty_Kind, Visit_State } from '../gen/fivestrand/leadership/v1/visibility_pb';
import { PupilGroup, YearGroup } from '../gen/fivestrand/type/v1/school_pb';

export function sayYearGroup(year: YearGroup): string {
  switch (year) {
    case YearGroup.YEAR_GROUP_UNSPECIFIED:
      return '';
    case YearGroup.YEAR_GROUP_N1:
      return 'Nursery 1';
    case YearGroup.YEAR_GROUP_N2:
      return 'Nursery 2';
    case YearGroup.YEAR_GROUP_R:
      return 'Reception';
    default:
      return `Year ${year - YearGroup.YEAR_GROUP_R}`;
  }
}

export const PUPIL_GROUPS: { group: PupilGroup; label: string }[] = [
  { group: PupilGroup.DISADVANTAGED, label: 'Disadvantaged' },
  { group: PupilGroup.SEND, label: 'SEND' },
  { group: PupilGroup.LAC, label: 'Looked after' },
  { group: PupilGroup.MOST_ABLE, label: 'Most able' },
  { group: PupilGroup.EAL, label: 'EAL' },
];

export const DUTY_WORDS: Record<Duty_Kind, string> = {
  [Duty_Kind.KIND_UNSPECIFIED]: 'Duty',
  [Duty_Kind.BREAK]: 'Break duty',
  [Duty_Kind.LUNCH]: 'Lunch duty',
  [Duty_Kind.GATE_START]: 'Gate, start of day',
  [Duty_Kind.GATE_END]: 'Gate, end of day',
};

export const BEAT_WORDS: Record<Beat_Kind, string> = {
  [Beat_Kind.KIND_UNSPECIFIED]: '',
  [Beat_Kind.DROP_IN]: 'Drop-in',
  [Beat_Kind.BREAK_DUTY]: 'Break',
  [Beat_Kind.GATE_START]: 'Gate am',
  [Beat_Kind.GATE_END]: 'Gate pm',
  [Beat_Kind.MODELLED_LESSON]: 'Modelled lesson',
};

export const STATUS_WORDS: Record<Beat_Status, string> = {
  [Beat_Status.STATUS_UNSPECIFIED]: '',
  [Beat_Status.HELD]: 'done',
  [Beat_Status.DUE]: 'due',
  [Beat_Status.MISSED]: 'missed',
  [Beat_Status.NOT_DUE]: 'not due',
};

// Why nothing is due on a day; empty on a school day.
export const DAY_WORDS: Record<CalendarDay_Kind, string> = {
  [CalendarDay_Kind.KIND_UNSPECIFIED]: '',
  [CalendarDay_Kind.SCHOOL_DAY]: '',
  [CalendarDay_Kind.WEEKEND]: 'Weekend',
  [CalendarDay_Kind.HOLIDAY]: 'School holiday',
  [CalendarDay_Kind.HALF_TERM]: 'Half-term holiday',
  [CalendarDay_Kind.INSET]: 'INSET day',
  [CalendarDay_Kind.BANK_HOLIDAY]: 'Bank holiday',
  [CalendarDay_Kind.CLOSURE]: 'School closed',
  [CalendarDay_Kind.NOT_PLANNED]: 'No calendar is kept for this day',
};

export const VISIT_WORDS: Record<Visit_State, string> = {
  [Visit_State.STATE_UNSPECIFIED]: '',
  [Visit_State.PLANNED]: 'Planned',
  [Visit_State.MADE]: 'Made',
  [Visit_State.CANCELLED]: 'Called off',
};

// A band is wider than the target: a value can be short of the target and still be green.
export const BAND_WORDS: Record<Band, string> = {
  [Band.BAND_UNSPECIFIED]: '',
  [Band.GREEN]: 'On course',
  [Band.AMBER]: 'Watch',
  [Band.RED]: 'Needs action',
};

export interface NoValue {
  title: string;
  advice: string;
}

// Each reason reads differently, so that nobody takes a hidden figure for a bad or a missing one.
export const NO_VALUE: Record<NoValueReason, NoValue> = {
  [NoValueReason.NO_VALUE_REASON_UNSPECIFIED]: { title: 'No figure', advice: 'The service gave no reason.' },
  [NoValueReason.TOO_FEW]: {
    title: 'Too few to show',
    advice: 'Fewer than the trust’s threshold. A figure over so few would be about persons.',
  },
  [NoValueReason.NOT_YOURS]: {
    title: 'Not open to your role',
    advice: 'The figure exists. Your grants do not include it; your administrator can tell you whose do.',
  },
  [NoValueReason.NOT_KEPT_YET]: {
    title: 'Not recorded yet',
    advice: 'The records that this figure is made of are not kept here yet.',
  },
  [NoValueReason.NOTHING_CONCLUDED]: {
    title: 'Nothing to count yet',
    advice: 'Nothing was due, or what is due has not ended. There is no figure rather than 0 or 100.',
  },
  [NoValueReason.NO_CALENDAR]: {
    title: 'No school calendar',
    advice: 'Without term dates nothing can be due. An administrator can add the year’s calendar.',
  },
  [NoValueReason.SERVICE_AWAY]: {
    title: 'Not reachable just now',
    advice: 'The service that keeps these records did not answer. Nothing is lost; try again in a minute.',
  },
};

const one = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });

// `82 %`, `3`, `12 days`.
export function sayValue(value: number, unit: Unit): string {
  switch (unit) {
    case Unit.SHARE:
      return `${Math.round(value * 100)} %`;
    case Unit.DAYS:
      return `${one.format(value)} ${value === 1 ? 'day' : 'days'}`;
    case Unit.SCHOOL_DAYS:
      return `${one.format(value)} school ${value === 1 ? 'day' : 'days'}`;
    case Unit.PERCENTAGE_POINTS:
      return `${value > 0 ? '+' : value < 0 ? '−' : ''}${one.format(Math.abs(value))} pp`;
    case Unit.POINTS:
      return `${one.format(value)} ${Math.abs(value) === 1 ? 'point' : 'points'}`;
    default:
      return one.format(value);
  }
}

// The number alone, for charts and columns whose head carries the unit.
export function plainValue(value: number, unit: Unit): number {
  return unit === Unit.SHARE ? Math.round(value * 1000) / 10 : Math.round(value * 10) / 10;
}

export function sayUnit(unit: Unit): string {
  switch (unit) {
    case Unit.SHARE:
      return '%';
    case Unit.DAYS:
      return 'days';
    case Unit.SCHOOL_DAYS:
      return 'school days';
    case Unit.PERCENTAGE_POINTS:
      return 'percentage points';
    case Unit.POINTS:
      return 'points';
    default:
      return 'number';
  }
}

export function sayTarget(measure: Measure): string {
  const value = sayValue(measure.target, measure.unit);
  if (measure.direction === Direction.ZERO_IS_BETTER) return 'Target: no gap';
  return measure.direction === Direction.LOWER_IS_BETTER ? `Target: at most ${value}` : `Target: at least ${value}`;
}

export const STAGE_WORDS: Record<Stage, string> = {
  [Stage.STAGE_UNSPECIFIED]: '',
  [Stage.BEGINNING]: 'Beginning',
  [Stage.EMERGING]: 'Emerging',
  [Stage.ALIGNING]: 'Aligning',
  [Stage.EMBEDDED]: 'Embedded',
};

export const RULE_WORDS: Record<Rule, string> = {
  [Rule.RULE_UNSPECIFIED]: '',
  [Rule.OUT_OF_BAND]: 'Out of its band',
  [Rule.WIDENING_GAP]: 'A gap that widens',
  [Rule.MISSED_COMMITMENT]: 'A missed commitment',
  [Rule.FALLING]: 'Worse than a year ago',
  [Rule.STALE]: 'No new evidence',
  [Rule.PERSON]: 'Somebody says so',
};

export const CONCERN_WORDS: Record<Concern_State, string> = {
  [Concern_State.STATE_UNSPECIFIED]: '',
  [Concern_State.RAISED]: 'New',
  [Concern_State.ACKNOWLEDGED]: 'Acknowledged',
  [Concern_State.DISMISSED]: 'Dismissed',
  [Concern_State.IN_THREAD]: 'Being answered',
  [Concern_State.RESOLVED_ITSELF]: 'Back in band by itself',
};

export const THREAD_WORDS: Record<ImprovementThread_State, string> = {
  [ImprovementThread_State.STATE_UNSPECIFIED]: '',
  [ImprovementThread_State.OPEN]: 'Open, nothing begun',
  [ImprovementThread_State.RESPONDING]: 'Being answered',
  [ImprovementThread_State.AWAITING_READING]: 'Waiting for the next reading',
  [ImprovementThread_State.CLOSED]: 'Closed',
};

// The words never claim a cause.
export const OUTCOME_WORDS: Record<Outcome, string> = {
  [Outcome.OUTCOME_UNSPECIFIED]: '',
  [Outcome.IMPROVED]: 'Improved',
  [Outcome.UNCHANGED]: 'Unchanged',
  [Outcome.WORSE]: 'Worse',
  [Outcome.SUPERSEDED]: 'Overtaken by something else',
  [Outcome.TOO_EARLY]: 'Too early to say',
};

// What a reading is about within its school: `Year 5, Disadvantaged`.
export function sayCut(cut: Cut | undefined, subjectName: (name: string) => string): string {
  if (!cut) return '';
  return [
    cut.subject && subjectName(cut.subject),
    sayYearGroup(cut.yearGroup),
    PUPIL_GROUPS.find(({ group }) => group === cut.group)?.label,
  ]
    .filter(Boolean)
    .join(', ');
}

// What a share is made of: `4 of 5`. Empty when the figure is not a share.
export function sayParts(reading: Reading, unit: Unit): string {
  if (unit !== Unit.SHARE || reading.value === undefined || reading.denominator === 0) return '';
  return `${one.format(reading.numerator)} of ${one.format(reading.denominator)}`;
}

// Why a figure offers no records, by the element that it belongs to.
export function whyNoRecords(element: string): string {
  switch (element) {
    case 'coaching':
      return 'What is behind it is sealed: only the coach and the coachee read it. Nothing but counts leaves the room, for any role.';
    case 'staff-welfare':
      return 'What is behind it is sealed: only those who are named in a record read it. The figure is made of dates and counts alone.';
    case 'culture':
      return 'There are no records behind it: the answers were destroyed when the pulse closed, and nobody, whatever their role, has seen one.';
    default:
      return 'The records behind it are not open to your role.';
  }
}
