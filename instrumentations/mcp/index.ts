import type { InstrumentationConfig } from '@opentelemetry/instrumentation';
import type { SdkLine } from '../../src/instrument/call-mapper.js';
import { SdkInstrumentation } from '../../src/instrument/instrumentation-base.js';
import { patchClient } from '../../src/instrument/patch-sdk.js';
import { lineOf } from '../registry.js';
import { definition } from './instrumentation.js';

const LINE: SdkLine = lineOf('mcp', definition);

/** Options of the instrumentation: OpenTelemetry's own (`enabled`). What may be captured is `captureContent` of spoor. */
export type McpInstrumentationConfig = InstrumentationConfig;

/** Traces the requests of the Model Context Protocol packages, sent and handled, for `registerInstrumentations`. */
export class McpInstrumentation extends SdkInstrumentation {
  constructor(config: McpInstrumentationConfig = {}) {
    super(LINE.name, config);
  }

  override line(): SdkLine {
    return LINE;
  }
}

/**
 * Traces the requests of the package that `client` (a `Client`, `Server` or `McpServer`) belongs to, without any loader hook:
 * for bundled code and for a package that was loaded before spoor. Returns the same object.
 */
export function wrap<Client>(client: Client): Client {
  patchClient(LINE.name, definition, client);
  return client;
}
