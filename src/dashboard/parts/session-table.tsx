import type { VNode } from 'preact';
import type { Session } from '../../../semconv/model/session.js';
import { formatCompact, formatCount, formatDuration, formatTime } from '../model/format.js';
import type { SessionFilters } from '../model/route.js';
import { sessionState, sessionTitle } from '../model/session-state.js';
import { Link } from './link.js';
import { moveFocus } from './move-focus.js';
import { StateBadge } from './state-badge.js';

interface SessionTableProps {
  sessions: readonly Session[];
  filters: SessionFilters;
}

/**
 * The list of sessions. Roles are written out because narrow screens lay the table out as cards, and some browsers take
 * the roles away with the layout.
 */
export function SessionTable({ sessions, filters }: SessionTableProps): VNode {
  return (
    <table class="sessions" role="table" aria-label="Sessions" onKeyDown={(event) => moveFocus(event, 'a')}>
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader">Session</th>
          <th role="columnheader">Status</th>
          <th role="columnheader">Started</th>
          <th role="columnheader" class="number">
            Steps
          </th>
          <th role="columnheader" class="number">
            Calls
          </th>
          <th role="columnheader" class="number">
            Tokens
          </th>
          <th role="columnheader" class="number">
            Time
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {sessions.map((session) => (
          <SessionRow key={session.id} session={session} filters={filters} />
        ))}
      </tbody>
    </table>
  );
}

function SessionRow({ session, filters }: { session: Session; filters: SessionFilters }): VNode {
  const duration = (session.endMs ?? session.updatedMs) - session.startMs;
  const about = session.task ?? session.models.join(', ');
  return (
    <tr role="row">
      <td role="cell" class="about">
        <Link to={{ page: 'session', id: session.id, filters }}>{sessionTitle(session)}</Link>
        <span class="faint" title={about}>
          {about}
        </span>
      </td>
      <td role="cell" class="status">
        <StateBadge state={sessionState(session)} />
      </td>
      <td role="cell" class="time">
        {formatTime(session.startMs, Date.now())}
      </td>
      <NumberCell label="steps" value={formatCount(session.stepCount)} />
      <NumberCell label="calls" value={formatCount(session.generationCount)} />
      <NumberCell
        label="tokens"
        value={formatCompact(session.usage.total)}
        title={formatCount(session.usage.total)}
      />
      <NumberCell label="" value={formatDuration(duration)} />
    </tr>
  );
}

/** The label is seen only where the column has no head. */
function NumberCell({ label, value, title }: { label: string; value: string; title?: string }): VNode {
  return (
    <td role="cell" class="number" title={title}>
      {value}
      {label === '' ? null : <span class="narrow-label"> {label}</span>}
    </td>
  );
}
