import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Log } from '../../../semconv/model/log.js';
import type { LogsResponse } from '../../server/api-types.js';
import { useResource } from '../feed/use-resource.js';
import { logName, logText } from '../model/log-text.js';
import { FoldedText } from './folded-text.js';

interface LogListProps {
  path: string;
  /** What the records belong to: they are read again when it has changed. */
  of: unknown;
  isShown?: (log: Log) => boolean;
}

/** The log records that a path of the API gives, of those that `isShown` lets through; nothing while there are none. */
export function LogList({ path, of, isShown }: LogListProps): VNode | null {
  const { value, failure, reload } = useResource<LogsResponse>(path);
  const shownOf = useRef(of);
  useEffect(() => {
    if (shownOf.current !== of) reload();
    shownOf.current = of;
  }, [of, reload]);
  if (failure !== undefined) return <p class="faint">The log records could not be read: {failure.message}</p>;
  const logs = value?.items.filter((log) => isShown?.(log) ?? true) ?? [];
  if (logs.length === 0) return null;
  return (
    <section class="fields" aria-label="Log records">
      <h3>Log records</h3>
      <dl>
        {logs.map((log) => (
          <div key={log.id}>
            <dt>{logName(log)}</dt>
            <dd>
              <FoldedText text={logText(log)} />
            </dd>
          </div>
        ))}
      </dl>
      {value?.nextCursor === undefined ? null : <p class="faint">There are more: the API gives them all.</p>}
    </section>
  );
}
