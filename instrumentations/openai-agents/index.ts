import type { InstrumentationConfig } from '@opentelemetry/instrumentation';
import type { SdkLine } from '../../src/instrument/call-mapper.js';
import { SdkInstrumentation } from '../../src/instrument/instrumentation-base.js';
import { patchClient } from '../../src/instrument/patch-sdk.js';
import { lineOf } from '../registry.js';
import { definition } from './instrumentation.js';

const LINE: SdkLine = lineOf('openai-agents', definition);

/** Options of the instrumentation: OpenTelemetry's own (`enabled`). What may be captured is `captureContent` of spoor. */
export type OpenAIAgentsInstrumentationConfig = InstrumentationConfig;

/** Traces the runs of the `@openai/agents` package, for `registerInstrumentations`. */
export class OpenAIAgentsInstrumentation extends SdkInstrumentation {
  constructor(config: OpenAIAgentsInstrumentationConfig = {}) {
    super(LINE.name, config);
  }

  override line(): SdkLine {
    return LINE;
  }
}

/**
 * Traces the runs of a copy of the package, without any loader hook: for bundled code and for a package that was loaded before
 * spoor. `sdk` is what the package exports (`import * as sdk from '@openai/agents'`). Returns the same.
 */
export function wrap<Sdk>(sdk: Sdk): Sdk {
  patchClient(LINE.name, definition, sdk);
  return sdk;
}
