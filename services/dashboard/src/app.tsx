import { useState } from 'preact/hooks';
import { clock } from './format';
import { IncidentPage } from './incident-page';
import { Link, useAddress } from './link';
import { NowPage } from './now-page';
import { useTheme } from './theme';

/** The frame of every page; the address says which one. */
export function App() {
  const { pathname } = useAddress();
  const [upTo, setUpTo] = useState<string | null>(null);
  const { shown, toggle } = useTheme();
  const incident = /^\/incidents\/([^/]+)$/.exec(pathname)?.[1];
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
        {incident === undefined ? (
          <NowPage onRead={setUpTo} />
        ) : (
          <IncidentPage id={decodeURIComponent(incident)} onRead={setUpTo} />
        )}
      </main>
    </>
  );
}
