import type { Context } from '@opentelemetry/api';
import { tracingChannel, type TracingChannel } from 'node:diagnostics_channel';
import type { Unpatch } from './call-mapper.js';

/**
 * What is done with the messages of one tracing channel. Neither method may throw. A message is the same object from the
 * start of a piece of work to its end.
 */
export interface ChannelWatcher {
  /** A piece of work begins. The context to run it in; undefined leaves it where it is. */
  begin(message: object): Context | undefined;
  /** It is over: the message has its `result` or its `error` now. */
  end(message: object): void;
  /** Runs what is left of the synchronous work in `context`. */
  run<R>(context: Context, work: () => R): R;
  /** Makes `context` active until the scope is disposed of: for versions of Node that ask so. */
  enter(context: Context): Scope;
}

/** What `using` takes. */
export interface Scope {
  [Symbol.dispose](): void;
}

/** Node calls `run` up to version 25 and `withScope` from then on. Both get what `begin` returned. */
interface Store {
  run<R>(context: Context | undefined, work: () => R): R;
  withScope(context: Context | undefined): Scope;
}

interface Listening {
  watchers: Set<ChannelWatcher>;
  prepare: (() => void) | undefined;
  stop: Unpatch;
}

/** By the name of the channel. A channel is bound once, so that two watchers of it make one span. */
const channels = new Map<string, Listening>();
const NOTHING: Scope = { [Symbol.dispose]: () => {} };

/**
 * Watches what an SDK says on a tracing channel of Node. Nothing of the SDK is hooked, so this works for bundled code too.
 * Of several watchers of one channel the first gets the messages.
 */
export function watchChannel(name: string, watcher: ChannelWatcher): Unpatch {
  const listening = listenTo(name);
  listening.watchers.add(watcher);
  return () => {
    listening.watchers.delete(watcher);
    if (listening.watchers.size > 0 || channels.get(name) !== listening) return;
    channels.delete(name);
    listening.stop();
  };
}

/** Calls `prepare` before the first message: it may start what watches the channel. */
export function onFirstMessage(name: string, prepare: () => void): void {
  listenTo(name).prepare = prepare;
}

function listenTo(name: string): Listening {
  const known = channels.get(name);
  if (known !== undefined) return known;
  const listening: Listening = { watchers: new Set(), prepare: undefined, stop: () => {} };
  listening.stop = bind(tracingChannel(name), listening);
  channels.set(name, listening);
  return listening;
}

function bind(channel: TracingChannel, listening: Listening): Unpatch {
  const watcher = (): ChannelWatcher | undefined => [...listening.watchers][0];
  const begin = (message: unknown): Context | undefined => {
    const { prepare } = listening;
    listening.prepare = undefined;
    prepare?.();
    return watcher()?.begin(message as object);
  };
  const store: Store = {
    run: (context, work) => {
      const current = context === undefined ? undefined : watcher();
      return context === undefined || current === undefined ? work() : current.run(context, work);
    },
    withScope: (context) => (context === undefined ? NOTHING : (watcher()?.enter(context) ?? NOTHING)),
  };
  const end = (message: unknown): void => watcher()?.end(message as object);
  channel.start.bindStore(store as never, begin);
  channel.asyncEnd.subscribe(end);
  return () => {
    channel.start.unbindStore(store as never);
    channel.asyncEnd.unsubscribe(end);
  };
}
