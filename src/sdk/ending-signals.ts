/** What is done when a signal comes. */
export interface SignalActions {
  /** Ends what is open, because the signal ends the process. */
  end(signal: NodeJS.Signals, exitCode: number): void;
  /** Sends what is queued, within a bound. Never rejects. */
  drain(): Promise<void>;
  /** Nothing can wait any more. */
  leave(): void;
  /** The program has a listener of its own and decides what the signal means. */
  leftToProgram(signal: NodeJS.Signals): void;
}

export interface SignalWatch {
  start(): void;
  stop(): void;
}

const CODES: Readonly<Partial<Record<NodeJS.Signals, number>>> = { SIGINT: 130, SIGTERM: 143 };
const SIGNALS = Object.keys(CODES) as NodeJS.Signals[];

/**
 * Watches the signals that end a process. Without a listener of the program, what is queued is sent and the process dies by
 * the signal, as it would have; with one, nothing changes for it.
 */
export function createSignalWatch(actions: SignalActions): SignalWatch {
  let isWatching = false;

  // In front of all others, so that those that listen once are still there to be counted.
  const listen = (): void => {
    for (const signal of SIGNALS) {
      process.off(signal, onSignal);
      process.prependListener(signal, onSignal);
    }
  };

  function onSignal(signal: NodeJS.Signals): void {
    const others = process.listenerCount(signal) - 1;
    if (others === 0) return die(signal);
    // Libraries that ask whether they are the only listeners, and then end the process, must not count us.
    process.off(signal, onSignal);
    if (others === signalExitListeners()) {
      actions.end(signal, CODES[signal] ?? 1);
      actions.leave();
      return;
    }
    actions.leftToProgram(signal);
    void actions.drain();
    process.nextTick(() => {
      if (isWatching) listen();
    });
  }

  function die(signal: NodeJS.Signals): void {
    const raise = (): void => {
      process.off(signal, raise);
      actions.leave();
      process.kill(process.pid, signal);
    };
    // A second signal does not wait.
    process.off(signal, onSignal);
    process.on(signal, raise);
    actions.end(signal, CODES[signal] ?? 1);
    void actions.drain().then(raise);
  }

  return {
    start() {
      isWatching = true;
      listen();
    },
    stop() {
      isWatching = false;
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}

/**
 * The listeners of the package signal-exit, in all its copies: with no other listener beside them it ends the process in the
 * same turn, by the signal, so that this turn is the last.
 */
function signalExitListeners(): number {
  const emitters = [
    (process as { __signal_exit_emitter__?: { count?: unknown } }).__signal_exit_emitter__,
    (globalThis as { [SIGNAL_EXIT]?: { count?: unknown } })[SIGNAL_EXIT],
  ];
  return emitters.reduce((sum, emitter) => sum + (typeof emitter?.count === 'number' ? emitter.count : 0), 0);
}
const SIGNAL_EXIT: unique symbol = Symbol.for('signal-exit emitter') as never;
