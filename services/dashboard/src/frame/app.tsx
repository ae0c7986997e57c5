import { useEffect, useRef, useState } from 'preact/hooks';
import { SignInPage } from '../pages/sign-in/sign-in-page';
import { read } from '../read/read';
import { type Session, become, useSession } from '../read/session';
import { closeStream, openStream } from '../read/stream';
import { useAddress } from './address';
import { HelpDialog } from './help-dialog';
import { Link } from './link';
import { LiveBadge } from './live-badge';
import { Person } from './person';
import { pageAt, placeOf, places } from './pages';
import { useShortcuts } from './shortcuts';
import { useTheme } from './theme';

/** The frame of every page; the address says which one. */
export function App() {
  const { pathname } = useAddress();
  const [help, setHelp] = useState(false);
  const session = useSession();
  useEffect(() => {
    openStream();
    void read<Session>('session').then(become, () => undefined);
  }, []);
  useEffect(() => {
    if (session === 'out') closeStream();
  }, [session]);
  useShortcuts(() => setHelp(true));
  return (
    <>
      <a class="skip" href="#main">
        Skip to the figures
      </a>
      <Header pathname={pathname} onHelp={() => setHelp(true)} />
      <Main pathname={pathname} isOut={session === 'out'} />
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
        {useSession() !== 'out' && <LiveBadge />}
        <Person />
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

/** After a step to another page the reading goes on there, as it would after a reload. */
function Main({ pathname, isOut }: { pathname: string; isOut: boolean }) {
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
      {isOut ? <SignInPage /> : (pageAt(pathname) ?? <NoSuchPage />)}
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
