import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { formatCompact, formatCount, formatDuration } from '../model/format.js';
import type { Selection } from '../model/route.js';
import { workState } from '../model/session-state.js';
import type { Bar, TrailRow } from '../model/trail.js';
import { moveFocus } from './move-focus.js';
import { StateBadge } from './state-badge.js';
import { Link } from './link.js';
import type { Route } from '../model/route.js';

interface TrailProps {
  rows: readonly TrailRow[];
  selection: Selection | undefined;
  linkTo: (selection: Selection) => Route;
}

const SHOWN_AT_ONCE = 500;

/** Steps and observations in order, each with its bar in the session's time. Arrow keys move between the lines. */
export function TrailView({ rows, selection, linkTo }: TrailProps): VNode {
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  const hidden = rows.length - shown;
  return (
    <>
      <ol class="trail" onKeyDown={(event) => moveFocus(event, 'a')}>
        {rows.slice(0, shown).map((row) => (
          <li key={row.key} class={row.kind}>
            <Link
              to={linkTo(row.selection)}
              class={`trail-row depth-${row.depth}`}
              current={selection?.kind === row.selection.kind && selection.id === row.selection.id}
            >
              <RowBody row={row} />
            </Link>
          </li>
        ))}
      </ol>
      {hidden > 0 ? (
        <button type="button" onClick={() => setShown(shown + SHOWN_AT_ONCE)}>
          Show more ({formatCount(hidden)} left)
        </button>
      ) : null}
    </>
  );
}

function RowBody({ row }: { row: TrailRow }): VNode {
  const work = row.kind === 'step' ? row.step : row.observation;
  const state = workState(work);
  return (
    <>
      <span class="trail-name">
        <StateBadge state={state} wordless />
        <span class="kind">
          {row.kind === 'step' ? row.step.index + 1 : row.observation.type.toLowerCase()}
        </span>
        <span class="name" title={work.name}>
          {row.kind === 'observation' ? (row.observation.tool?.name ?? work.name) : work.name}
        </span>
      </span>
      <span class="trail-facts">{rowFacts(row)}</span>
      <WaterfallBar bar={row.bar} tone={state.tone} />
    </>
  );
}

function rowFacts(row: TrailRow): string {
  const work = row.kind === 'step' ? row.step : row.observation;
  const usage = work.usage;
  const tokens = usage === undefined ? 0 : tokenSum(usage);
  const duration = work.endMs === undefined ? 'running' : formatDuration(work.endMs - work.startMs);
  return tokens > 0 ? `${formatCompact(tokens)} tok · ${duration}` : duration;
}

function tokenSum(usage: {
  input?: number;
  cacheRead?: number;
  cacheWrite?: number;
  output?: number;
  reasoning?: number;
}): number {
  const { input = 0, cacheRead = 0, cacheWrite = 0, output = 0, reasoning = 0 } = usage;
  return input + cacheRead + cacheWrite + output + reasoning;
}

/** Position and length are set through the CSSOM, which a strict content security policy allows. */
function WaterfallBar({ bar, tone }: { bar: Bar; tone: string }): VNode {
  return (
    <span class="bar-track" aria-hidden="true">
      <span class={`bar ${tone}`} style={{ left: `${bar.left}%`, width: `${bar.width}%` }} />
    </span>
  );
}
