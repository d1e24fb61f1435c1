// Results: analysis first, then what a teacher types, the pupils, and the files that a data lead brings.
import { lazy } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { useSession } from '../../app/auth';
import { mayEnterResults, mayImportResults, mayKeepPupils, mayReadPupils, mayReadResults, maySetThreshold } from '../../model/roles';
import { Tabs } from '../../ui/tabs';
import './results.css';

const Analysis = lazy(() => import('./analysis'));
const GridScreen = lazy(() => import('./grid'));
const Pupils = lazy(() => import('./pupils'));
const PupilScreen = lazy(() => import('./pupil'));
const ImportScreen = lazy(() => import('./import'));
const SetupScreen = lazy(() => import('./setup/setup'));

export default function ResultsScreen() {
  const session = useSession();
  const maySetUp = mayKeepPupils(session) || maySetThreshold(session);
  const tabs = [
    { href: '/results', label: 'Analysis', open: mayReadResults(session) },
    { href: '/results/grid', label: 'Enter', open: mayEnterResults(session) },
    { href: '/results/pupils', label: 'Pupils', open: mayReadPupils(session) },
    { href: '/results/import', label: 'Import', open: mayImportResults(session) },
    { href: '/results/setup', label: 'Set-up', open: maySetUp },
  ].filter(({ open }) => open);
  return (
    <>
      <Tabs label="Results" tabs={tabs} />
      <Switch>
        <Route path="/results">{mayReadResults(session) ? <Analysis /> : <Redirect to="/results/setup" replace />}</Route>
        <Route path="/results/grid">
          <GridScreen />
        </Route>
        <Route path="/results/pupils">
          <Pupils />
        </Route>
        <Route path="/results/pupils/:id">{({ id }) => <PupilScreen name={`${session.trust}/pupils/${id}`} key={id} />}</Route>
        <Route path="/results/import">
          <ImportScreen />
        </Route>
        {maySetUp && (
          <Route path="/results/setup/*?">
            <SetupScreen />
          </Route>
        )}
        <Route>
          <Redirect to="/results" replace />
        </Route>
      </Switch>
    </>
  );
}
