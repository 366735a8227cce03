import type { InstrumentationConfig } from '@opentelemetry/instrumentation';
import type { SdkLine } from '../../src/instrument/call-mapper.js';
import { SdkInstrumentation } from '../../src/instrument/instrumentation-base.js';
import { patchClient } from '../../src/instrument/patch-sdk.js';
import { lineOf } from '../registry.js';
import { definition } from './instrumentation.js';

const LINE: SdkLine = lineOf('anthropic', definition);

/** Options of the instrumentation: OpenTelemetry's own (`enabled`). What may be captured is `captureContent` of spoor. */
export type AnthropicInstrumentationConfig = InstrumentationConfig;

/** Traces the calls of the `@anthropic-ai/sdk` package, for `registerInstrumentations`. */
export class AnthropicInstrumentation extends SdkInstrumentation {
  constructor(config: AnthropicInstrumentationConfig = {}) {
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
