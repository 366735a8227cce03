import type { InstrumentationConfig } from '@opentelemetry/instrumentation';
import type { SdkLine } from '../../src/instrument/call-mapper.js';
import { SdkInstrumentation } from '../../src/instrument/instrumentation-base.js';
import { replaceExports } from './functions.js';
import { lineOf } from '../registry.js';
import { definition } from './instrumentation.js';

const LINE: SdkLine = lineOf('vercel-ai', definition);

/** Options of the instrumentation: OpenTelemetry's own (`enabled`). What may be captured is `captureContent` of spoor. */
export type VercelAIInstrumentationConfig = InstrumentationConfig;

/** Traces the functions of the `ai` package, for `registerInstrumentations`. */
export class VercelAIInstrumentation extends SdkInstrumentation {
  constructor(config: VercelAIInstrumentationConfig = {}) {
    super(LINE.name, config);
  }

  override line(): SdkLine {
    return LINE;
  }
}

/**
 * The functions of `ai` with tracing, without any loader hook: `const { generateText } = wrap(ai)`, for majors 5 and 6 in bundled
 * code. Agents are traced as well. Major 7 needs it for `generateObject` and `streamObject` alone.
 */
export function wrap<Module>(ai: Module): Module {
  definition.patchModule(ai, LINE.modules[0]);
  return (replaceExports(ai, true)?.moduleExports ?? ai) as Module;
}
