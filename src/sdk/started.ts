let started = false;

/** True once a provider of our own runs, or an app's was joined. */
export function hasStarted(): boolean {
  return started;
}

export function noteStart(): void {
  started = true;
}

export function forgetStart(): void {
  started = false;
}
