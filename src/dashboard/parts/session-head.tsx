import type { VNode } from 'preact';
import type { Session } from '../../../semconv/model/session.js';
import { totalFields } from '../model/fields.js';
import {
  formatCompact,
  formatCost,
  formatCount,
  formatDuration,
  formatPlural,
  formatTime,
} from '../model/format.js';
import { sessionState, sessionTitle } from '../model/session-state.js';
import { FoldedText } from './folded-text.js';
import { StateBadge } from './state-badge.js';

/** A session at a glance: how it ended, what it was after, and what it took. */
export function SessionHead({ session }: { session: Session }): VNode {
  const reason = session.isSuccessfulReason ?? session.statusMessage;
  const duration = (session.endMs ?? session.updatedMs) - session.startMs;
  const usage = totalFields(session.usage);
  return (
    <header class="session-head">
      <div class="session-title">
        <h1>{sessionTitle(session)}</h1>
        <StateBadge state={sessionState(session)} />
      </div>
      {reason === undefined ? null : <FoldedText text={reason} />}
      {session.task === undefined ? null : (
        <div class="task">
          <FoldedText text={session.task} />
        </div>
      )}
      <dl class="cards">
        <Card name="Time" value={formatDuration(duration)} note={formatTime(session.startMs, Date.now())} />
        <Card
          name="Steps"
          value={formatCount(session.stepCount)}
          note={formatPlural(session.toolCount, 'tool call')}
        />
        <Card
          name="Model calls"
          value={formatCount(session.generationCount)}
          note={session.models.join(', ') || 'no model named'}
        />
        <Card
          name="Tokens"
          value={formatCompact(session.usage.total)}
          note={`${formatCompact(session.usage.input + session.usage.cacheRead + session.usage.cacheWrite)} in, ${formatCompact(session.usage.output + session.usage.reasoning)} out`}
          title={usage.map(([name, value]) => `${name}: ${value}`).join('\n')}
        />
        {session.cost === undefined ? null : (
          <Card name="Cost" value={formatCost(session.cost)} note="as reported" />
        )}
        {session.eval === undefined ? null : (
          <Card name="Evaluation" value={String(session.eval)} note={session.evalReason ?? ''} />
        )}
        <Card name="Errors" value={formatCount(session.errorCount)} note={endNote(session)} />
      </dl>
    </header>
  );
}

function endNote(session: Session): string {
  if (session.endMs === undefined) return 'still open';
  const code = session.exitCode === undefined ? '' : ` (exit code ${session.exitCode})`;
  return session.endReason === undefined ? '' : `ended by ${session.endReason}${code}`;
}

interface CardProps {
  name: string;
  value: string;
  note: string;
  title?: string;
}

function Card({ name, value, note, title }: CardProps): VNode {
  return (
    <div class="card" title={title}>
      <dt>{name}</dt>
      <dd>
        <span class="figure">{value}</span>
        <span class="faint">{note}</span>
      </dd>
    </div>
  );
}
