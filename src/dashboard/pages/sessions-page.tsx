import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Session } from '../../../semconv/model/session.js';
import type { SessionsResponse } from '../../server/api-types.js';
import { readApi } from '../feed/api.js';
import { useLive } from '../feed/use-live.js';
import { useResource } from '../feed/use-resource.js';
import { NO_FILTERS, type SessionFilters } from '../model/route.js';
import { mergeSessions, sessionsQuery } from '../model/session-list.js';
import { Link } from '../parts/link.js';
import { LiveMark } from '../parts/live-mark.js';
import { Failure, Loading, Notice } from '../parts/notice.js';
import { SessionFilterBar } from '../parts/session-filter-bar.js';
import { SessionTable } from '../parts/session-table.js';

/** The live list of sessions. */
export function SessionsPage({ filters }: { filters: SessionFilters }): VNode {
  const list = useResource<SessionsResponse>(`/api/sessions?${sessionsQuery(filters)}`);
  const live = useLive(undefined, {
    onChange({ sessions }) {
      if (list.value === undefined) return;
      const merged = mergeSessions(list.value.items, sessions, filters);
      list.update((page) => ({ ...page, items: mergeSessions(page.items, sessions, filters).items }));
      if (merged.stale) list.reload();
    },
    onReset: list.reload,
  });
  return (
    <>
      <div class="bar-top">
        <h1>Sessions</h1>
        <LiveMark state={live} />
        <SessionFilterBar filters={filters} />
      </div>
      {list.failure === undefined ? null : <Failure failure={list.failure} onRetry={list.reload} />}
      {list.value === undefined ? (
        list.failure === undefined && <Loading />
      ) : (
        <SessionList page={list.value} filters={filters} onMore={list.update} />
      )}
    </>
  );
}

interface SessionListProps {
  page: SessionsResponse;
  filters: SessionFilters;
  onMore: (change: (page: SessionsResponse) => SessionsResponse) => void;
}

function SessionList({ page, filters, onMore }: SessionListProps): VNode {
  const [failure, setFailure] = useState<string | undefined>();
  if (page.items.length === 0) return <NoSessions filters={filters} />;
  const cursor = page.nextCursor;
  const readMore = (): void => {
    setFailure(undefined);
    readApi<SessionsResponse>(
      `/api/sessions?${sessionsQuery(filters, cursor)}`,
      AbortSignal.timeout(30_000),
    ).then(
      (next) => onMore((shown) => ({ ...next, items: withoutRepeats([...shown.items, ...next.items]) })),
      (cause: unknown) => setFailure(cause instanceof Error ? cause.message : String(cause)),
    );
  };
  return (
    <>
      <SessionTable sessions={page.items} filters={filters} />
      {failure === undefined ? null : <p role="alert">{failure}</p>}
      {cursor === undefined ? null : (
        <button type="button" class="more" onClick={readMore}>
          Show more
        </button>
      )}
    </>
  );
}

function withoutRepeats(sessions: readonly Session[]): Session[] {
  return [...new Map(sessions.map((session) => [session.id, session])).values()];
}

function NoSessions({ filters }: { filters: SessionFilters }): VNode {
  if (filters.text !== '' || filters.status !== '') {
    return (
      <Notice title="No session matches">
        <p>
          <Link to={{ page: 'sessions', filters: NO_FILTERS }}>Show all sessions</Link>
        </p>
      </Notice>
    );
  }
  return (
    <Notice title="No session yet">
      <p>Two lines make a first trace; it appears here by itself.</p>
      <pre>{`npm install spoor\nnode --import spoor/register agent.js`}</pre>
      <p class="faint">Any OpenTelemetry exporter works as well: send OTLP over HTTP to {location.origin}.</p>
    </Notice>
  );
}
