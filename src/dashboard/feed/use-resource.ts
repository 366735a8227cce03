import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ApiFailure, readApi } from './api.js';

/** Something of the API: its last good value stays while it is read again, and when that fails. */
export interface Resource<T> {
  value?: T;
  failure?: ApiFailure;
  loading: boolean;
  /** Reads again. Asked while it is being read, it reads once more afterwards. */
  reload(): void;
  /** Changes the value in place, for what the live stream tells. */
  update(change: (value: T) => T): void;
}

interface Snapshot<T> {
  path: string;
  value?: T;
  failure?: ApiFailure;
  loading: boolean;
}

/** Reads a path of the API, and again whenever the path changes. */
export function useResource<T>(path: string): Resource<T> {
  const [snapshot, setSnapshot] = useState<Snapshot<T>>({ path, loading: true });
  const running = useRef<AbortController | undefined>(undefined);
  const again = useRef(false);

  const read = useCallback((): void => {
    const controller = new AbortController();
    running.current = controller;
    again.current = false;
    const finish = (next: (last: Snapshot<T>) => Snapshot<T>): void => {
      if (controller.signal.aborted) return;
      running.current = undefined;
      setSnapshot(next);
      if (again.current) read();
    };
    setSnapshot((last) => (last.path === path ? { ...last, loading: true } : { path, loading: true }));
    readApi<T>(path, controller.signal).then(
      (value) => finish(() => ({ path, value, loading: false })),
      (cause: unknown) => {
        const failure = cause instanceof ApiFailure ? cause : new ApiFailure(0, String(cause), { cause });
        finish((last) => ({ ...last, failure, loading: false }));
      },
    );
  }, [path]);

  useEffect(() => {
    read();
    return () => running.current?.abort();
  }, [read]);

  const reload = useCallback((): void => {
    if (running.current === undefined) read();
    else again.current = true;
  }, [read]);
  const update = useCallback((change: (value: T) => T): void => {
    setSnapshot((last) => (last.value === undefined ? last : { ...last, value: change(last.value) }));
  }, []);

  const { path: shownPath, ...shown } = snapshot;
  return { ...(shownPath === path ? shown : { loading: true }), reload, update };
}
