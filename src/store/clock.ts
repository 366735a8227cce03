/** Milliseconds that never go back, so that what was updated later is listed first even when the system's clock is set. */
export function monotonicClock(now: () => number, floor: number = 0): () => number {
  let last = floor;
  return () => {
    last = Math.max(last, now());
    return last;
  };
}
