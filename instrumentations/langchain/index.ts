import type { InstrumentationConfig } from '@opentelemetry/instrumentation';
import type { SdkLine } from '../../src/instrument/call-mapper.js';
import { SdkInstrumentation } from '../../src/instrument/instrumentation-base.js';
import { patchClient } from '../../src/instrument/patch-sdk.js';
import { lineOf } from '../registry.js';
import { definition } from './instrumentation.js';

const LINE: SdkLine = lineOf('langchain', definition);

/** Options of the instrumentation: OpenTelemetry's own (`enabled`). What may be captured is `captureContent` of spoor. */
export type LangChainInstrumentationConfig = InstrumentationConfig;

/** Traces the runs of LangChain and LangGraph, for `registerInstrumentations`. */
export class LangChainInstrumentation extends SdkInstrumentation {
  constructor(config: LangChainInstrumentationConfig = {}) {
    super(LINE.name, config);
  }

  override line(): SdkLine {
    return LINE;
  }
}

/**
 * Traces the copy of LangChain that a chain, model, tool, retriever or graph belongs to, without any loader hook: for bundled
 * code and for a LangChain that was loaded before spoor. Returns the same object.
 */
export function wrap<Runnable>(runnable: Runnable): Runnable {
  patchClient(LINE.name, definition, runnable);
  return runnable;
}
