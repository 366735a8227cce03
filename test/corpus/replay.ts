import { setImmediate as turn } from 'node:timers/promises';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import type { ClientSdk } from '../../src/instrument/call-mapper.js';
import type { Unpatch } from '../../src/instrument/call-mapper.js';
import { patchModule } from '../../src/instrument/patch-sdk.js';
import { setContentPolicy } from '../../src/config/content-policy.js';
import { setProviderStarter } from '../../src/tracing/provider.js';
import { bodyOf, endpointOf, type Endpoint, type Form } from './calls.js';
import { outcomeOf, type CallOutcome } from './outcome.js';
import { isEvents, type Recording } from './recordings.js';
import { startReplayServer, type ReplayServer } from './replay-server.js';

/** One call of one recording, to be made twice: by the bare SDK and by the instrumented one. */
export interface Replay {
  title: string;
  recording: Recording;
  endpoint: Endpoint;
  form: Form;
}

/** What came of it. */
export interface Replayed {
  bare: CallOutcome;
  traced: CallOutcome;
  spans: ReadableSpan[];
  /** Method and path that the SDK asked for, instrumented. */
  requested: { method: string; path: string } | undefined;
}

export interface ReplayRun {
  /** By title. */
  results: ReadonlyMap<string, Replayed>;
  /** `resource.method` of everything that is instrumented. */
  methods: ReadonlySet<string>;
}

/** Every call that a recording is good for. */
export function replaysOf(sdk: 'openai' | 'anthropic', recordings: readonly Recording[]): Replay[] {
  return recordings.flatMap((recording) => {
    const endpoint = endpointOf(sdk, recording);
    const title = `${recording.provider} ${endpoint.name} ${recording.id}`;
    const plain: Replay = { title, recording, endpoint, form: 'plain' };
    const isStream = isEvents(recording.answer) && bodyOf(recording)['stream'] === true;
    if (endpoint.hasHelper !== true || !isStream) return [plain];
    return [plain, { ...plain, title: `${title}, gathered by the helper`, form: 'helper' }];
  });
}

/**
 * Makes every call by the bare SDK, then every call by the instrumented one, against one loopback server. `clientFor` makes
 * the client for a recording.
 */
export async function runReplays(
  replays: readonly Replay[],
  sdk: { name: string; module: unknown; definition: ClientSdk },
  clientFor: (recording: Recording, origin: string) => unknown,
): Promise<ReplayRun> {
  const server = await startReplayServer(new Map(replays.map(({ recording }) => [recording.id, recording])));
  const make = (replay: Replay): Promise<CallOutcome> => {
    const client = clientFor(replay.recording, server.origin) as never;
    return outcomeOf(() => replay.endpoint.call(client, replay.recording, replay.form));
  };
  try {
    const bare = new Map<string, CallOutcome>();
    for (const replay of replays) bare.set(replay.title, await make(replay));
    const results = await runTraced(replays, sdk, { make, bare, server });
    const methods = sdk.definition.methods.map(({ resource, method }) => `${resource}.${method}`);
    return { results, methods: new Set(methods) };
  } finally {
    await server.close();
  }
}

interface Bare {
  make(replay: Replay): Promise<CallOutcome>;
  bare: ReadonlyMap<string, CallOutcome>;
  server: ReplayServer;
}

async function runTraced(
  replays: readonly Replay[],
  sdk: { name: string; module: unknown; definition: ClientSdk },
  { make, bare, server }: Bare,
): Promise<Map<string, Replayed>> {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  setProviderStarter(() => provider);
  setContentPolicy(true, Number.MAX_SAFE_INTEGER);
  const undo: Unpatch[] = patchModule(sdk.name, sdk.definition, sdk.module);
  try {
    const results = new Map<string, Replayed>();
    for (const replay of replays) {
      const traced = await make(replay);
      // A span ends in the same turn as its call or in the next: two turns show a second span as well.
      await turn();
      await turn();
      const spans = exporter.getFinishedSpans();
      exporter.reset();
      results.set(replay.title, {
        bare: bare.get(replay.title) as CallOutcome,
        traced,
        spans,
        requested: server.lastRequest(),
      });
    }
    return results;
  } finally {
    for (const unpatch of undo) unpatch();
    setProviderStarter(undefined);
    setContentPolicy(undefined);
    await provider.shutdown();
  }
}
