import type { VNode } from 'preact';
import type { State } from '../model/session-state.js';

/** A state as a dot and a word: the colour alone never says it. */
export function StateBadge({ state, wordless = false }: { state: State; wordless?: boolean }): VNode {
  return (
    <span class={`state ${state.tone}`}>
      <span class="dot" aria-hidden="true" />
      <span class={wordless ? 'unseen' : ''}>{state.word}</span>
    </span>
  );
}
