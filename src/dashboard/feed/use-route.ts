import { useEffect, useState } from 'preact/hooks';
import { type Route, formatRoute, parseRoute } from '../model/route.js';

const CHANGED = 'spoor:route';

/** The view that the address bar holds. */
export function useRoute(): Route {
  const [route, setRoute] = useState(readRoute);
  useEffect(() => {
    const refresh = (): void => setRoute(readRoute());
    addEventListener('popstate', refresh);
    addEventListener(CHANGED, refresh);
    return () => {
      removeEventListener('popstate', refresh);
      removeEventListener(CHANGED, refresh);
    };
  }, []);
  return route;
}

function readRoute(): Route {
  return parseRoute(location.pathname, location.search);
}

/** Goes to a view. `replace` leaves no entry in the history: for filters that change with every key. */
export function navigate(route: Route, mode: 'push' | 'replace' = 'push'): void {
  const address = formatRoute(route);
  if (mode === 'push') history.pushState(null, '', address);
  else history.replaceState(null, '', address);
  dispatchEvent(new Event(CHANGED));
}
