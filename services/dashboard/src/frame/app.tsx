import { useEffect, useRef, useState } from 'preact/hooks';
import type { Status } from '../read/answers';
import { read } from '../read/read';
import { useLive } from '../read/use-live';
import { clock } from '../text/format';
import { useAddress } from './address';
import { HelpDialog } from './help-dialog';
import { Link } from './link';
import { pageAt, placeOf, places } from './pages';
import { useShortcuts } from './shortcuts';
import { useTheme } from './theme';

/** The frame of every page; the address says which one. */
export function App() {
  const { pathname } = useAddress();
  const [help, setHelp] = useState(false);
  useShortcuts(() => setHelp(true));
  return (
    <>
      <a class="skip" href="#main">
        Skip to the figures
      </a>
      <Header pathname={pathname} onHelp={() => setHelp(true)} />
      <Main pathname={pathname} />
      {help && <HelpDialog onClose={() => setHelp(false)} />}
    </>
  );
}

function Header({ pathname, onHelp }: { pathname: string; onHelp: () => void }) {
  const { shown, toggle } = useTheme();
  return (
    <header class="top">
      <div class="top-inner">
        <Link to="/" class="brand">
          <img src="/mark.svg" alt="" width="24" height="24" />
          Ringwatch
        </Link>
        <nav class="places" aria-label="Pages">
          {places.map(({ path, name }) => (
            <Link key={path} to={path} current={placeOf(pathname) === path}>
              {name}
            </Link>
          ))}
        </nav>
        <UpTo />
        <button type="button" class="button" onClick={toggle}>
          {shown === 'dark' ? 'Light' : 'Dark'}
          <span class="visually-hidden"> theme</span>
        </button>
        <button type="button" class="button" onClick={onHelp} aria-label="Help and shortcuts">
          ?
        </button>
      </div>
    </header>
  );
}

/** Up to when the figures go: what arrived before is in them. */
function UpTo() {
  const { answer: status } = useLive('status', (signal) => read<Status>('status', {}, signal));
  const upTo = status?.closed_until ?? status?.newest_event_at;
  return (
    <p class="quiet tabular up-to">
      {upTo ? `figures up to ${upTo.slice(0, 10)} ${clock(upTo, true)} UTC` : 'no figures yet'}
    </p>
  );
}

/** After a step to another page the reading goes on there, as it would after a reload. */
function Main({ pathname }: { pathname: string }) {
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) {
      window.scrollTo(0, 0);
      main.current!.focus({ preventScroll: true });
    }
    isFirst.current = false;
  }, [pathname]);
  return (
    <main id="main" tabIndex={-1} ref={main} key={pathname}>
      {pageAt(pathname) ?? <NoSuchPage />}
    </main>
  );
}

function NoSuchPage() {
  return (
    <section class="card notice">
      <h1>There is no such page</h1>
      <p>
        The address may be mistyped. <Link to="/">See what is going on now.</Link>
      </p>
    </section>
  );
}
