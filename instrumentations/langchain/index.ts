import type { InstrumentationConfig } from '@opentelemetry/instrumentation';
import type { SdkLine } from '../../src/instrument/call-mapper.js';
import { SdkInstrumentation } from '../../src/instrument/instrumentation-base.js';
import { patchClient } from '../../src/instrument/patch-sdk.js';
import { definition } from './instrumentation.js';

const LINE: SdkLine = {
  name: 'langchain',
  modules: ['@langchain/core'],
  files: [
    '@langchain/core/dist/runnables/base.js',
    '@langchain/core/dist/runnables/base.cjs',
    '@langchain/core/dist/runnables/branch.js',
    '@langchain/core/dist/runnables/branch.cjs',
    '@langchain/core/dist/language_models/chat_models.js',
    '@langchain/core/dist/language_models/chat_models.cjs',
    '@langchain/core/dist/language_models/llms.js',
    '@langchain/core/dist/language_models/llms.cjs',
    '@langchain/core/dist/tools/index.js',
    '@langchain/core/dist/tools/index.cjs',
    '@langchain/core/dist/retrievers/index.js',
    '@langchain/core/dist/retrievers/index.cjs',
    '@langchain/core/dist/callbacks/manager.js',
    '@langchain/core/dist/callbacks/manager.cjs',
    '@langchain/core/dist/utils/async_caller.js',
    '@langchain/core/dist/utils/async_caller.cjs',
  ],
  supports: '>=0.3',
  load: () => definition,
};

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
