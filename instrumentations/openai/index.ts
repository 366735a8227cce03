import type { InstrumentationConfig } from '@opentelemetry/instrumentation';
import type { SdkLine } from '../../src/instrument/call-mapper.js';
import { SdkInstrumentation } from '../../src/instrument/instrumentation-base.js';
import { patchClient } from '../../src/instrument/patch-sdk.js';
import { definition } from './instrumentation.js';

const LINE: SdkLine = {
  name: 'openai',
  modules: ['openai'],
  files: [
    'openai/client.mjs',
    'openai/client.js',
    'openai/realtime/ws.mjs',
    'openai/realtime/ws.js',
    'openai/realtime/websocket.mjs',
    'openai/realtime/websocket.js',
    'openai/beta/realtime/ws.mjs',
    'openai/beta/realtime/ws.js',
    'openai/beta/realtime/websocket.mjs',
    'openai/beta/realtime/websocket.js',
    'openai/resources/responses/ws.mjs',
    'openai/resources/responses/ws.js',
    'openai/resources/beta/responses/ws.mjs',
    'openai/resources/beta/responses/ws.js',
  ],
  supports: '>=4.19',
  load: () => definition,
};

/** Options of the instrumentation: OpenTelemetry's own (`enabled`). What may be captured is `captureContent` of spoor. */
export type OpenAIInstrumentationConfig = InstrumentationConfig;

/** Traces the calls of the `openai` package, for `registerInstrumentations`. */
export class OpenAIInstrumentation extends SdkInstrumentation {
  constructor(config: OpenAIInstrumentationConfig = {}) {
    super(LINE.name, config);
  }

  override line(): SdkLine {
    return LINE;
  }
}

/**
 * Traces the calls of the package that `client` belongs to, without any loader hook: for bundled code and for an SDK that
 * was loaded before spoor. Returns the same client.
 */
export function wrap<Client>(client: Client): Client {
  patchClient(LINE.name, definition, client);
  return client;
}
