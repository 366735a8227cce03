import type { InstrumentationConfig } from '@opentelemetry/instrumentation';
import type { ClientSdk, SdkLine } from '../../src/instrument/call-mapper.js';
import { SdkInstrumentation } from '../../src/instrument/instrumentation-base.js';
import { patchClient } from '../../src/instrument/patch-sdk.js';
import { lineOf } from '../registry.js';
import { definition } from './instrumentation.js';
import { socketClasses } from './socket-classes.js';

/** Here nothing is loaded later: a bundler must find it. */
const WHOLE: ClientSdk = { ...definition, beside: socketClasses };

const LINE: SdkLine = lineOf('openai', WHOLE);

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
  patchClient(LINE.name, WHOLE, client);
  return client;
}
