import { type VNode, render } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useRoute } from './feed/use-route.js';
import { NO_FILTERS } from './model/route.js';
import { SessionPage } from './pages/session-page.js';
import { SessionsPage } from './pages/sessions-page.js';
import { Link } from './parts/link.js';
import { Notice } from './parts/notice.js';

function App(): VNode {
  const route = useRoute();
  const place = route.page === 'session' ? route.id : '';
  useEffect(() => {
    document.title = route.page === 'session' ? `${route.id.slice(0, 16)} · spoor` : 'spoor';
  }, [route.page, place]);
  // A new view is announced, and the next Tab starts in it; the first one is left to the browser.
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) main.current?.focus();
    first.current = false;
  }, [route.page, place]);
  return (
    <>
      <header class="masthead">
        <Link to={{ page: 'sessions', filters: NO_FILTERS }} class="brand">
          spoor
        </Link>
      </header>
      <main ref={main} tabIndex={-1}>
        {route.page === 'sessions' ? <SessionsPage filters={route.filters} /> : null}
        {route.page === 'session' ? <SessionPage key={route.id} route={route} /> : null}
        {route.page === 'unknown' ? (
          <Notice title="There is no such page">
            <p>
              <Link to={{ page: 'sessions', filters: NO_FILTERS }}>Show all sessions</Link>
            </p>
          </Notice>
        ) : null}
      </main>
    </>
  );
}

const root = document.getElementById('app');
if (root !== null) render(<App />, root);
