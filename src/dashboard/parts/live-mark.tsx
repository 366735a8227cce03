import type { VNode } from 'preact';
import type { LiveState } from '../feed/use-live.js';
import type { State } from '../model/session-state.js';
import { StateBadge } from './state-badge.js';

const STATES: Readonly<Record<LiveState, State>> = {
  connecting: { tone: 'neutral', word: 'connecting' },
  live: { tone: 'good', word: 'live' },
  lost: { tone: 'bad', word: 'not connected' },
};

/** Whether the page follows what happens. */
export function LiveMark({ state }: { state: LiveState }): VNode {
  return (
    <span class="live" role="status">
      <StateBadge state={STATES[state]} />
    </span>
  );
}
