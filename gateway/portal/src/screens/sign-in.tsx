// The way in. The demonstration trust lists its people and asks for no password, and says so.
import { Alert, Button, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { HttpProblem, fetchDemoPeople, type DemoPerson } from '../api/session';
import { useAuth } from '../app/auth';
import { groupByPost } from '../model/people';
import { SearchIcon } from '../ui/icons';
import { Empty, Loading } from '../ui/parts';

type People = { status: 'loading' } | { status: 'away' } | { status: 'none' } | { status: 'here'; people: DemoPerson[] };

const SHOWN_PER_GROUP = 8;

export function SignIn({ why }: { why: 'signed-out' | 'ended' | 'unreachable' }) {
  const { signIn, retry } = useAuth();
  const [people, setPeople] = useState<People>({ status: 'loading' });
  const [text, setText] = useState('');
  const [busy, setBusy] = useState('');
  const [failed, setFailed] = useState('');
  const [open, setOpen] = useState<Set<string>>(new Set());

  useEffect(() => {
    document.title = 'Sign in · Fivestrand';
    let current = true;
    const load = () => {
      fetchDemoPeople().then(
        (list) => current && setPeople(list ? { status: 'here', people: list } : { status: 'none' }),
        () => current && setPeople({ status: 'away' }),
      );
    };
    load();
    const onOnline = () => {
      retry();
      load();
    };
    window.addEventListener('online', onOnline);
    return () => {
      current = false;
      window.removeEventListener('online', onOnline);
    };
  }, [retry]);

  const enter = async (person: DemoPerson) => {
    setBusy(person.person);
    setFailed('');
    try {
      await signIn(person.person);
    } catch (error) {
      setFailed(
        error instanceof HttpProblem
          ? 'The server did not accept this sign-in. Choose again.'
          : 'The server did not answer. Try again in a moment.',
      );
      setBusy('');
    }
  };

  return (
    <main className="sign-in">
      <header>
        <img src="/icon.svg" alt="" width="52" height="52" />
        <h1>Fivestrand</h1>
        <p>School improvement, live.</p>
      </header>
      {why === 'ended' && (
        <Alert role="status" color="accent" variant="light" title="You were signed out">
          Sign in again. You come back to where you were, and what you typed is kept.
        </Alert>
      )}
      {why === 'unreachable' && (
        <Alert role="alert" color="gray" variant="light" title="No connection">
          Nobody has signed in on this device yet, so there is nothing to open without a connection.
          <Button mt="xs" variant="default" onClick={retry}>
            Try again
          </Button>
        </Alert>
      )}
      {failed && (
        <Alert role="alert" color="red" variant="light" title="Not signed in">
          {failed}
        </Alert>
      )}
      {people.status === 'loading' && <Loading lines={5} />}
      {people.status === 'away' && why !== 'unreachable' && (
        <Alert role="alert" color="gray" variant="light" title="The server does not answer">
          <Button variant="default" onClick={() => window.location.reload()}>
            Try again
          </Button>
        </Alert>
      )}
      {people.status === 'none' && <Empty title="Sign in with your trust’s account">Open the address that your trust gave you.</Empty>}
      {people.status === 'here' && (
        <>
          <Alert color="yellow" variant="light" title="This is a demonstration">
            The trust and its people are made up. Choose who you want to be; there is no password. Do not enter anything about real people.
          </Alert>
          <TextInput
            label="Find a person"
            placeholder="Name, post or school"
            value={text}
            leftSection={<SearchIcon size={20} />}
            autoComplete="off"
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Groups
            people={people.people}
            text={text}
            busy={busy}
            open={open}
            onOpen={(title) => setOpen((before) => new Set([...before, title]))}
            onChoose={(person) => void enter(person)}
          />
        </>
      )}
    </main>
  );
}

function Groups(props: {
  people: DemoPerson[];
  text: string;
  busy: string;
  open: Set<string>;
  onOpen: (title: string) => void;
  onChoose: (person: DemoPerson) => void;
}) {
  const words = props.text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = props.people.filter((person) => {
    const hay = `${person.displayName} ${person.postTitle} ${person.schoolDisplayName}`.toLowerCase();
    return words.every((word) => hay.includes(word));
  });
  const groups = groupByPost(found);
  if (groups.length === 0) return <Empty title="Nobody like that">Try fewer letters.</Empty>;
  return groups.map(({ title, people }) => {
    const all = props.open.has(title) || words.length > 0;
    const shown = all ? people.slice(0, 200) : people.slice(0, SHOWN_PER_GROUP);
    return (
      <section key={title} aria-label={title}>
        <h2 className="section-title">{title}</h2>
        <ul className="people">
          {shown.map((person) => (
            <li key={person.person}>
              <button
                type="button"
                className="person"
                disabled={props.busy !== ''}
                aria-busy={props.busy === person.person}
                onClick={() => props.onChoose(person)}
              >
                <strong>{person.displayName}</strong>
                <span>{[person.postTitle, person.schoolDisplayName].filter(Boolean).join(', ')}</span>
              </button>
            </li>
          ))}
        </ul>
        {shown.length < people.length && (
          <button type="button" className="text-button" onClick={() => props.onOpen(title)}>
            All {people.length} in “{title}”
          </button>
        )}
      </section>
    );
  });
}
