import { lazy, Suspense, useEffect } from 'react';
import { Link, Redirect, Route, Switch, useLocation } from 'wouter';
import { useQueryClient } from '@tanstack/react-query';
import { schoolName } from '../api/names';
import { DayScreen } from '../screens/day/day';
import { SignIn } from '../screens/sign-in';
import { WaitingScreen } from '../screens/waiting';
import { Empty, Loading, PageHead } from '../ui/parts';
import { SessionProvider, useAuth, useSession } from './auth';
import { Boundary } from './boundary';
import { areasOf } from '../model/roles';
import { areaOfPath, homePath, pathOf, schoolAt } from './places';
import { useServices } from './services';
import { Shell } from './shell';
import { refetchFor } from './live';

const SchoolScreen = lazy(() => import('../screens/school/school'));
const TrustScreen = lazy(() => import('../screens/trust'));
const VisitsScreen = lazy(() => import('../screens/visits/visits'));
const ConcernsScreen = lazy(() => import('../screens/concerns/concerns'));
const ThreadScreen = lazy(() => import('../screens/concerns/thread'));
const ResultsScreen = lazy(() => import('../screens/results/results'));
const LearningScreen = lazy(() => import('../screens/learning/learning'));
const WellbeingScreen = lazy(() => import('../screens/wellbeing/wellbeing'));
const ModelScreen = lazy(() => import('../screens/model/model'));
const MineScreen = lazy(() => import('../screens/mine'));

const RESOURCE_TYPES = {
  dropIn: 'fivestrand/DropIn',
  duty: 'fivestrand/Duty',
  modelledLesson: 'fivestrand/ModelledLesson',
  visit: 'fivestrand/Visit',
};

// Areas whose address names a school.
const OF_A_SCHOOL = ['day', 'mine', 'school'];

export function App() {
  const { state } = useAuth();
  if (state.status === 'loading') return <Loading lines={3} label="Opening Fivestrand" />;
  if (state.status === 'out') return <SignIn why={state.why} />;
  return (
    <SessionProvider value={state.session} key={state.session.person}>
      <Shell>
        <Boundary>
          <Suspense fallback={<Loading />}>
            <Screens />
          </Suspense>
        </Boundary>
      </Shell>
    </SessionProvider>
  );
}

function Screens() {
  const session = useSession();
  const { onConfirmed } = useServices();
  const queries = useQueryClient();
  const [path] = useLocation();

  // What the server has taken is asked for again at once, rather than when the stream of changes tells.
  useEffect(() => {
    onConfirmed.run = (item, sent) => refetchFor(queries, RESOURCE_TYPES[item.type], sent.name);
    return () => {
      onConfirmed.run = () => undefined;
    };
  }, [onConfirmed, queries]);

  // A new page begins at its top, and is where a screen reader and the keyboard go on.
  useEffect(() => {
    window.scrollTo(0, 0);
  }, [path]);

  // An address of another person's, from a link or from who was here before, leads to one's own home.
  const area = areaOfPath(path);
  const school = schoolAt(session, path);
  if (area && area !== 'waiting' && (school || !OF_A_SCHOOL.includes(area)) && !areasOf(session, school?.name).includes(area)) {
    return <Redirect to={homePath(session)} replace />;
  }

  const known = (id: string) => session.schools.some((school) => school.name === schoolName(session.trust, id));
  return (
    <Switch>
      <Route path="/schools/:id/day">
        {({ id }) => (known(id) ? <DayScreen school={schoolName(session.trust, id)} key={id} /> : <NoSuchPlace />)}
      </Route>
      <Route path="/schools/:id/mine">
        {({ id }) => (known(id) ? <MineScreen school={schoolName(session.trust, id)} key={id} /> : <NoSuchPlace />)}
      </Route>
      <Route path="/schools/:id">
        {({ id }) => (known(id) ? <SchoolScreen school={schoolName(session.trust, id)} key={id} /> : <NoSuchPlace />)}
      </Route>
      <Route path="/visits">
        <VisitsScreen />
      </Route>
      <Route path="/concerns/threads/:id">
        {({ id }) => <ThreadScreen name={`${session.trust}/improvementThreads/${id}`} key={id} />}
      </Route>
      <Route path="/concerns">
        <ConcernsScreen />
      </Route>
      <Route path="/results/*?">
        <ResultsScreen />
      </Route>
      <Route path="/learning/*?">
        <LearningScreen />
      </Route>
      <Route path="/wellbeing/*?">
        <WellbeingScreen />
      </Route>
      <Route path="/model">
        <ModelScreen />
      </Route>
      <Route path="/trust">
        <TrustScreen />
      </Route>
      <Route path="/nothing">
        <NothingHere />
      </Route>
      <Route path="/waiting">
        <WaitingScreen />
      </Route>
      <Route path="/day">
        <Redirect to={pathOf('day', schoolAt(session, '/')?.name)} replace />
      </Route>
      <Route path="/">
        <Redirect to={homePath(session)} replace />
      </Route>
      <Route>
        <NoSuchPlace />
      </Route>
    </Switch>
  );
}

function NoSuchPlace() {
  return (
    <>
      <PageHead title="There is no such page" />
      <Empty title="Nothing is at this address">
        It may have moved, or it belongs to a school that is not yours. <Link href="/">To your start page</Link>
      </Empty>
    </>
  );
}

function NothingHere() {
  return (
    <>
      <PageHead title="Fivestrand" />
      <Empty title="Nothing for your role here yet">
        Visible leadership is kept and read by leaders, the staff of the schools and the directors. If that is you, your administrator can
        give you a grant.
      </Empty>
    </>
  );
}
