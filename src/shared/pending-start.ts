/**
 * What the preload has put off. A leaf, so that the preload can leave its start here without loading what will need it.
 */
let pending: (() => void) | undefined;

/** Leaves a start to whoever needs it first. */
export function setPendingStart(start: () => void): void {
  pending = start;
}

/** Catches up on what the preload put off. On the path of every call: mostly there is nothing. */
export function runPendingStart(): void {
  if (pending === undefined) return;
  const start = pending;
  pending = undefined;
  start();
}
