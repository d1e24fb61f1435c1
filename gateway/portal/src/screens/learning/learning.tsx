// Professional learning: what one can book and has booked, coaching, and for those who run it the catalogue and the registers.
import { lazy } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { useSession } from '../../app/auth';
import { mayManageLearning } from '../../model/roles';
import { Tabs } from '../../ui/tabs';
import '../concerns/concerns.css';
import './learning.css';

const Events = lazy(() => import('./events'));
const Coaching = lazy(() => import('./coaching'));
const Room = lazy(() => import('./room'));
const Manage = lazy(() => import('./manage'));

export default function LearningScreen() {
  const session = useSession();
  const tabs = [
    { href: '/learning', label: 'Courses', open: true },
    { href: '/learning/coaching', label: 'Coaching', open: true },
    { href: '/learning/manage', label: 'Manage', open: mayManageLearning(session) },
  ].filter(({ open }) => open);
  return (
    <>
      <Tabs label="Professional learning" tabs={tabs} />
      <Switch>
        <Route path="/learning">
          <Events />
        </Route>
        <Route path="/learning/coaching">
          <Coaching />
        </Route>
        <Route path="/learning/coaching/:id">{({ id }) => <Room name={`${session.trust}/coachingCycles/${id}`} key={id} />}</Route>
        <Route path="/learning/manage">
          <Manage />
        </Route>
        <Route>
          <Redirect to="/learning" replace />
        </Route>
      </Switch>
    </>
  );
}
