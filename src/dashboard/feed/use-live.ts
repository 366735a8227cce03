import { useEffect, useRef, useState } from 'preact/hooks';
import type { LiveChange } from '../../server/api-types.js';
import { openLiveSource } from './live-source.js';

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
    let close = (): void => {};
    let timer: ReturnType<typeof setTimeout> | undefined;
    let lost = false;
    const open = (): void => {
      close = openLiveSource(`/api/live${query}`, {
        onOpen() {
          setState('live');
          // A new stream does not know what the old one missed.
          if (lost) latest.current.onReset();
          lost = false;
        },
        onEvent(type, data) {
          if (type === 'reset') latest.current.onReset();
          else latest.current.onChange(JSON.parse(data) as LiveChange);
        },
        onLost(isOver) {
          setState('lost');
          // The browser reconnects by itself unless it has given up.
          if (!isOver) return;
          lost = true;
          timer = setTimeout(open, RECONNECT_MS);
        },
      });
    };
    open();
    return () => {
      clearTimeout(timer);
      close();
    };
  }, [sessionId]);
  return state;
}
