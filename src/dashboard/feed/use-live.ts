import { useEffect, useRef, useState } from 'preact/hooks';
import type { LiveChange } from '../../server/api-types.js';

export type LiveState = 'connecting' | 'live' | 'lost';

export interface LiveHandlers {
  onChange(change: LiveChange): void;
  /** Changes were missed: read everything again. */
  onReset(): void;
}

const RECONNECT_MS = 3_000;

/** Listens to what changes, in all sessions or in one, for as long as the component is shown. */
export function useLive(sessionId: string | undefined, handlers: LiveHandlers): LiveState {
  const [state, setState] = useState<LiveState>('connecting');
  const latest = useRef(handlers);
  latest.current = handlers;
  useEffect(() => {
    const query = sessionId === undefined ? '' : `?session=${encodeURIComponent(sessionId)}`;
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let lost = false;
    const open = (): void => {
      source = new EventSource(`/api/live${query}`);
      source.addEventListener('open', () => {
        setState('live');
        // A new stream does not know what the old one missed.
        if (lost) latest.current.onReset();
        lost = false;
      });
      source.addEventListener('reset', () => latest.current.onReset());
      source.addEventListener('change', (event) => {
        latest.current.onChange(JSON.parse(event.data as string) as LiveChange);
      });
      source.addEventListener('error', () => {
        setState('lost');
        // The browser reconnects by itself unless it has given up.
        if (source?.readyState !== EventSource.CLOSED) return;
        lost = true;
        timer = setTimeout(open, RECONNECT_MS);
      });
    };
    open();
    return () => {
      clearTimeout(timer);
      source?.close();
    };
  }, [sessionId]);
  return state;
}
