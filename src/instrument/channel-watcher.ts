import { runInContext, scopeOfContext } from '../tracing/active-context.js';
import type { SdkLine } from './call-mapper.js';
import { guard } from './guard.js';
import { watchChannel, type ChannelWatcher } from './tracing-channel.js';

/**
 * Watches the tracing channels of one registry line. The code of its folder is loaded with the first message.
 * @returns the function that ends it.
 */
export function watchChannels(line: SdkLine): () => void {
  const stops = (line.channels ?? []).map((channel) => watchChannel(channel, watcherOf(line, channel)));
  return () => {
    for (const stop of stops) stop();
  };
}

function watcherOf(line: SdkLine, channel: string): ChannelWatcher {
  let loaded: Pick<ChannelWatcher, 'begin' | 'end'> | undefined;
  const load = (): typeof loaded => {
    const definition = line.load();
    return 'patchModule' in definition ? definition.watch?.(channel) : undefined;
  };
  return {
    begin: (message) => guard(`message of ${channel}`, () => (loaded ??= load())?.begin(message)),
    end(message) {
      guard(`end on ${channel}`, () => loaded?.end(message));
    },
    run: (context, work) => runInContext(context, work),
    enter: (context) => scopeOfContext(context),
  };
}
