// The frame round every screen: where one is, where one can go, and whether what one records is on its way.
import { Menu, NativeSelect, SegmentedControl, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { areasOf, isStaff, schoolsOf, type Area } from '../model/roles';
import {
  ConcernIcon,
  DayIcon,
  LearningIcon,
  LessonIcon,
  ModelIcon,
  MoreIcon,
  OfflineIcon,
  PersonIcon,
  ResultsIcon,
  SchoolIcon,
  SearchIcon,
  TrustIcon,
  VisitIcon,
  WaitingIcon,
  WellbeingIcon,
} from '../ui/icons';
import { useToast } from '../ui/toast';
import { useAuth, useSession } from './auth';
import { useOnline, useOutbox } from './hooks';
import { useLive } from './live';
import { areaOfPath, pathOf, rememberSchool, schoolAt } from './places';

const SealNotice = lazy(() => import('../screens/wellbeing/seal-notice'));
const Palette = lazy(() => import('./palette').then((module) => ({ default: module.Palette })));

const AREAS: Record<Area, { label: string; icon: typeof DayIcon }> = {
  day: { label: 'My day', icon: DayIcon },
  visits: { label: 'Visits', icon: VisitIcon },
  school: { label: 'School', icon: SchoolIcon },
  mine: { label: 'My lessons', icon: LessonIcon },
  trust: { label: 'Trust', icon: TrustIcon },
  concerns: { label: 'Concerns', icon: ConcernIcon },
  results: { label: 'Results', icon: ResultsIcon },
  learning: { label: 'Learning', icon: LearningIcon },
  wellbeing: { label: 'Wellbeing', icon: WellbeingIcon },
  model: { label: 'Model', icon: ModelIcon },
};

// The bar of a phone has room for this many; the rest is behind the last place.
const BAR_PLACES = 5;

// The service whose records a page shows.
const SERVICE_OF: Partial<Record<Area, string>> = { results: 'assessment', learning: 'cpd', wellbeing: 'welfare' };

export function Shell({ children }: { children: ReactNode }) {
  const session = useSession();
  const [path, navigate] = useLocation();
  const school = schoolAt(session, path);
  const area = areaOfPath(path);
  const areas = areasOf(session, school?.name);
  const schools = schoolsOf(session);
  const [palette, setPalette] = useState(false);
  const ofSchool = area === 'day' || area === 'school' || area === 'mine' || area === 'waiting' || area === undefined;
  const live = useLive(ofSchool ? school?.name : session.trust, (area && area !== 'waiting' && SERVICE_OF[area]) || 'leadership');

  useEffect(() => {
    if (school) rememberSchool(session, school.name);
  }, [session, school]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
        event.preventDefault();
        setPalette(true);
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  useNewVersion();

  const perSchool = area === 'day' || area === 'school' || area === 'mine' ? area : undefined;
  const switcher = (id: string) =>
    schools.length > 1 && perSchool ? (
      <NativeSelect
        id={id}
        aria-label="School"
        className="school-switcher"
        value={school?.name ?? ''}
        data={schools.map(({ name, displayName }) => ({ value: name, label: displayName }))}
        onChange={(event) => {
          const next = event.currentTarget.value;
          const areasThere = areasOf(session, next);
          navigate(pathOf(areasThere.includes(perSchool) ? perSchool : (areasThere[0] ?? 'school'), next));
        }}
      />
    ) : (
      <span className="school-name">{perSchool ? school?.displayName : 'Fivestrand'}</span>
    );

  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to content
      </a>
      <header className="topbar">
        <div className="topbar-school">{switcher('school-top')}</div>
        <SyncState live={live} />
        <button type="button" className="icon-button search-button" aria-label="Search and go to (Ctrl K)" onClick={() => setPalette(true)}>
          <SearchIcon />
          <span className="search-keys" aria-hidden="true">
            <kbd>Ctrl</kbd> <kbd>K</kbd>
          </span>
        </button>
        <PersonMenu />
      </header>
      <nav className="nav" aria-label="Main">
        <div className="nav-brand">
          <img src="/icon.svg" alt="" width="28" height="28" /> Fivestrand
        </div>
        <ul>
          {areas.map((item, index) => {
            const { label, icon: Icon } = AREAS[item];
            return (
              <li key={item} className={areas.length > BAR_PLACES && index >= BAR_PLACES - 1 ? 'nav-beyond' : undefined}>
                <Link href={pathOf(item, school?.name)} aria-current={area === item ? 'page' : undefined}>
                  <Icon /> <span>{label}</span>
                </Link>
              </li>
            );
          })}
          {areas.length > BAR_PLACES && <More areas={areas.slice(BAR_PLACES - 1)} at={area} school={school?.name} />}
        </ul>
      </nav>
      <OfflineBanner />
      {isStaff(session) && (
        <Suspense>
          <SealNotice />
        </Suspense>
      )}
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      {palette && (
        <Suspense>
          <Palette onClose={() => setPalette(false)} school={school} />
        </Suspense>
      )}
    </div>
  );
}

function More({ areas, at, school }: { areas: Area[]; at: Area | 'waiting' | undefined; school: string | undefined }) {
  const [, navigate] = useLocation();
  return (
    <li className="nav-more">
      <Menu position="top-end" shadow="md" width={220}>
        <Menu.Target>
          <button type="button" data-current={areas.some((area) => area === at) || undefined}>
            <MoreIcon /> <span>More</span>
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {areas.map((area) => {
            const { label, icon: Icon } = AREAS[area];
            return (
              <Menu.Item key={area} leftSection={<Icon />} onClick={() => navigate(pathOf(area, school))}>
                {label}
              </Menu.Item>
            );
          })}
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}

// Says so when a newer version has been put on the device while this one is open.
function useNewVersion(): void {
  const toast = useToast();
  useEffect(() => {
    const worker = navigator.serviceWorker;
    // The first worker takes over a page that came from the network and is as new.
    if (!worker?.controller) return undefined;
    const onChange = () =>
      toast({
        text: 'A newer version of this page is ready.',
        ms: 60_000,
        action: { label: 'Reload', run: () => window.location.reload() },
      });
    worker.addEventListener('controllerchange', onChange);
    return () => worker.removeEventListener('controllerchange', onChange);
  }, [toast]);
}

function SyncState({ live }: { live: ReturnType<typeof useLive> }) {
  const items = useOutbox();
  const waiting = items.filter((item) => item.state === 'waiting').length;
  const refused = items.filter((item) => item.state === 'refused').length;
  if (waiting + refused === 0) {
    const word = live === 'live' ? 'Live' : live === 'away' ? 'Not live' : '';
    return (
      <span className="live" data-state={live} title={word || undefined}>
        <span className="live-dot" aria-hidden="true" />
        <span className="live-word">{word}</span>
      </span>
    );
  }
  return (
    <Link href="/waiting" className="sync" data-refused={refused > 0 || undefined}>
      <WaitingIcon size={20} />
      {refused > 0 ? `${refused} need${refused === 1 ? 's' : ''} you` : `${waiting} waiting`}
    </Link>
  );
}

function OfflineBanner() {
  const online = useOnline();
  const waiting = useOutbox().filter((item) => item.state === 'waiting').length;
  const holding = !online && waiting > 0;
  useEffect(() => {
    // Asks the browser not to clear what waits when space runs short.
    if (holding) void navigator.storage?.persist?.();
  }, [holding]);
  if (online) return null;
  return (
    <div className="offline" role="status">
      <OfflineIcon size={20} />
      <span>
        No connection.{' '}
        {waiting === 0
          ? 'What you record is kept on this device.'
          : `${waiting} ${waiting === 1 ? 'record waits' : 'records wait'} on this device.`}
      </span>
      {waiting > 0 && <Link href="/waiting">See {waiting === 1 ? 'it' : 'them'}</Link>}
    </div>
  );
}

function PersonMenu() {
  const session = useSession();
  const { signOut } = useAuth();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" width={280} shadow="md">
      <Menu.Target>
        <button type="button" className="icon-button" aria-label={`${session.displayName}: settings and sign out`}>
          <PersonIcon />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className="menu-person">
          <strong>{session.displayName}</strong>
          <span>{session.postTitle}</span>
        </div>
        <div className="menu-scheme">
          <span id="scheme-label">Appearance</span>
          <SegmentedControl
            fullWidth
            aria-labelledby="scheme-label"
            value={colorScheme}
            onChange={(value) => setColorScheme(value as MantineColorScheme)}
            data={[
              { value: 'light', label: 'Light' },
              { value: 'dark', label: 'Dark' },
              { value: 'auto', label: 'System' },
            ]}
          />
        </div>
        <Menu.Divider />
        <Menu.Item onClick={() => void signOut()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
