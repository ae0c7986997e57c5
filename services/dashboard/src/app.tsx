import { useState } from 'preact/hooks';
import { clock } from './format';
import { IncidentPage } from './incident-page';
import { Link, useAddress } from './link';
import { NowPage } from './now-page';
import { useTheme } from './theme';
import { UpdatePage } from './update-page';

/** The frame of every page; the address says which one. */
export function App() {
  const { pathname } = useAddress();
  const [upTo, setUpTo] = useState<string | null>(null);
  const { shown, toggle } = useTheme();
  return (
    <>
      <a class="skip" href="#main">
        Skip to the figures
      </a>
      <header class="top">
        <div class="top-inner">
          <Link to="/" class="brand">
            <img src="/mark.svg" alt="" width="24" height="24" />
            Ringwatch
          </Link>
          <p class="quiet tabular">
            {upTo === null ? 'no figures yet' : `figures up to ${upTo.slice(0, 10)} ${clock(upTo, true)} UTC`}
          </p>
          <button type="button" class="button" onClick={toggle}>
            {shown === 'dark' ? 'Light' : 'Dark'}
            <span class="visually-hidden"> theme</span>
          </button>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        <Page pathname={pathname} onRead={setUpTo} />
      </main>
    </>
  );
}

function Page({ pathname, onRead }: { pathname: string; onRead: (upTo: string | null) => void }) {
  const [kind, ...names] = pathname.split('/').slice(1).map(decodeURIComponent);
  if (kind === 'incidents' && names.length === 1) return <IncidentPage id={names[0]!} onRead={onRead} />;
  if (kind === 'updates' && names.length === 2)
    return <UpdatePage channel={names[0]!} version={names[1]!} onRead={onRead} />;
  return <NowPage onRead={onRead} />;
}
