// On every page, until it was looked at: that there is a notice of an opened seal. It says no more, because others may see the screen.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { useSession } from '../../app/auth';
import { useServices } from '../../app/services';
import { toInstant } from '../../model/dates';
import { LockIcon } from '../../ui/icons';
import { NOTICE_SEEN, useNotices } from './queries';

export default function SealNotice() {
  const { person } = useSession();
  const { snapshots } = useServices();
  const notices = useNotices().data;
  // Whoever opened it knows.
  const newest = (notices ?? []).find(({ openedBy }) => openedBy !== person);
  const at = newest && toInstant(newest.openTime)?.getTime();
  const seen = useQuery({ queryKey: ['notice-seen', person, at], enabled: at !== undefined, queryFn: async () => (await snapshots.get<number>(person, NOTICE_SEEN))?.value ?? 0 });
  if (at === undefined || seen.data === undefined || seen.data >= at) return null;
  return (
    <p className="offline seal-notice no-print" role="status">
      <LockIcon size={20} />
      <span>
        There is a notice for you. <Link href="/wellbeing">Read it</Link>
      </span>
    </p>
  );
}
