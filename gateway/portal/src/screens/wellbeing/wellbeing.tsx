// Wellbeing: a pulse that takes a minute, check-ins and support that concern oneself, and for the HR director those whom they hold.
import { lazy } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { useSession } from '../../app/auth';
import { mayBreakGlass, mayHoldCheckIns } from '../../model/roles';
import { Tabs } from '../../ui/tabs';
import '../concerns/concerns.css';
import '../learning/learning.css';
import './wellbeing.css';

const Mine = lazy(() => import('./mine'));
const Held = lazy(() => import('./held'));
const CheckInScreen = lazy(() => import('./check-in'));
const ConcernScreen = lazy(() => import('./concern'));
const SupportScreen = lazy(() => import('./support'));
const FollowUpScreen = lazy(() => import('./follow-up'));
const Pulses = lazy(() => import('./pulses'));
const PulseScreen = lazy(() => import('./pulse'));
const Emergency = lazy(() => import('./emergency'));

export default function WellbeingScreen() {
  const session = useSession();
  const tabs = [
    { href: '/wellbeing', label: 'Mine', open: true },
    { href: '/wellbeing/pulses', label: 'Pulses', open: true },
    { href: '/wellbeing/held', label: 'Check-ins', open: mayHoldCheckIns(session) },
    { href: '/wellbeing/emergency', label: 'Emergency', open: mayBreakGlass(session) },
  ].filter(({ open }) => open);
  return (
    <>
      <Tabs label="Wellbeing" tabs={tabs} />
      <Switch>
        <Route path="/wellbeing">
          <Mine />
        </Route>
        <Route path="/wellbeing/held">
          <Held />
        </Route>
        <Route path="/wellbeing/check-ins/:id">{({ id }) => <CheckInScreen name={`${session.trust}/checkIns/${id}`} key={id} />}</Route>
        <Route path="/wellbeing/concerns/:id">{({ id }) => <ConcernScreen name={`${session.trust}/welfareConcerns/${id}`} key={id} />}</Route>
        <Route path="/wellbeing/supports/:id">{({ id }) => <SupportScreen name={`${session.trust}/supports/${id}`} key={id} />}</Route>
        <Route path="/wellbeing/follow-ups/:id">{({ id }) => <FollowUpScreen name={`${session.trust}/welfareFollowUps/${id}`} key={id} />}</Route>
        <Route path="/wellbeing/pulses">
          <Pulses />
        </Route>
        <Route path="/wellbeing/pulses/:id">{({ id }) => <PulseScreen name={`${session.trust}/pulseSurveys/${id}`} key={id} />}</Route>
        <Route path="/wellbeing/emergency">
          <Emergency />
        </Route>
        <Route>
          <Redirect to="/wellbeing" replace />
        </Route>
      </Switch>
    </>
  );
}
