// The pages of an area, as links.
import { useEffect, useRef, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';

export function Tabs({ label, tabs }: { label: string; tabs: { href: string; label: ReactNode }[] }) {
  const [path] = useLocation();
  const bar = useRef<HTMLElement>(null);
  // On a phone the bar may be longer than the screen.
  useEffect(() => {
    // Newer browsers return a promise, which is no clean-up.
    void bar.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [path]);
  if (tabs.length < 2) return null;
  const at = tabs.filter(({ href }) => path === href || path.startsWith(`${href}/`)).sort((a, b) => b.href.length - a.href.length)[0];
  return (
    <nav ref={bar} className="tabs no-print" aria-label={label}>
      {tabs.map(({ href, label: text }) => (
        <Link key={href} href={href} aria-current={at?.href === href ? 'page' : undefined}>
          {text}
        </Link>
      ))}
    </nav>
  );
}
