import type { Store } from '../store/store.js';

export interface Retention {
  stop(): void;
}

const PAUSE_MS = 60_000;
/** Between two pieces of work, so that requests are served meanwhile. */
const SHORT_PAUSE_MS = 200;

/** Removes sessions that nothing was heard of for longer than `maxAgeMs`, from now on until it is stopped. */
export function startRetention(
  store: Pick<Store, 'expire'>,
  maxAgeMs: number | undefined,
  log: (line: string) => void,
): Retention {
  let isStopped = maxAgeMs === undefined || store.expire === undefined;
  let timer: NodeJS.Timeout | undefined;
  const work = async (): Promise<void> => {
    let removed = 0;
    try {
      removed = (await store.expire?.(Date.now() - (maxAgeMs ?? Infinity))) ?? 0;
    } catch (cause) {
      if (!isStopped) log(`spoor: old sessions could not be removed: ${String(cause)}`);
    }
    if (!isStopped) schedule(removed > 0 ? SHORT_PAUSE_MS : PAUSE_MS);
  };
  const schedule = (ms: number): void => {
    timer = setTimeout(() => void work(), ms).unref();
  };
  if (!isStopped) schedule(SHORT_PAUSE_MS);
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
