import type { VNode } from 'preact';
import type { Log } from '../../../semconv/model/log.js';
import type { LogsResponse } from '../../server/api-types.js';
import { useResource } from '../feed/use-resource.js';
import { logName, logText } from '../model/log-text.js';
import { FoldedText } from './folded-text.js';

/** The log records that a path of the API gives, of those that `isShown` lets through; nothing while there are none. */
export function LogList({ path, isShown }: { path: string; isShown?: (log: Log) => boolean }): VNode | null {
  const { value, failure } = useResource<LogsResponse>(path);
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
