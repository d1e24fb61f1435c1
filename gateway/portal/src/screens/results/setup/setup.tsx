// What is set up before results come in: windows, scales and frameworks, the mappings of files, and how few pupils are few.
import { Redirect, Route, Switch } from 'wouter';
import { useSession } from '../../../app/auth';
import { mayKeepPupils } from '../../../model/roles';
import { Tabs } from '../../../ui/tabs';
import './setup.css';
import MappingsScreen from './mappings';
import ScalesScreen from './scales';
import ThresholdScreen from './threshold';
import WindowsScreen from './windows';

export default function SetupScreen() {
  const keeps = mayKeepPupils(useSession());
  const tabs = [
    { href: '/results/setup', label: 'Windows', open: true },
    { href: '/results/setup/scales', label: 'Scales', open: true },
    { href: '/results/setup/mappings', label: 'Mappings', open: keeps },
    { href: '/results/setup/small-numbers', label: 'Small numbers', open: true },
  ].filter(({ open }) => open);
  return (
    <>
      <Tabs label="Set-up" tabs={tabs} />
      <Switch>
        <Route path="/results/setup">
          <WindowsScreen />
        </Route>
        <Route path="/results/setup/scales">
          <ScalesScreen />
        </Route>
        {keeps && (
          <Route path="/results/setup/mappings">
            <MappingsScreen />
          </Route>
        )}
        <Route path="/results/setup/small-numbers">
          <ThresholdScreen />
        </Route>
        <Route>
          <Redirect to="/results/setup" replace />
        </Route>
      </Switch>
    </>
  );
}
