import { dialectNameOf } from './dialect-marks.js';
import type { Dialect, DialectSpan } from './dialect.js';
import { anthropicSdkDialect } from './anthropic-sdk.js';
import { claudeCodeDialect } from './claude-code.js';
import { genkitDialect } from './genkit.js';
import { langfuseDialect } from './langfuse.js';
import { langsmithDialect } from './langsmith.js';
import { logfireDialect } from './logfire.js';
import { mastraDialect } from './mastra.js';
import { mlflowDialect } from './mlflow.js';
import { openInferenceDialect } from './openinference.js';
import { openLlmetryDialect } from './openllmetry.js';
import { otelGenAiDialect } from './otel-genai.js';
import { plainDialect } from './plain.js';
import { spoorDialect } from './spoor.js';
import { vercelAiDialect } from './vercel-ai.js';

/** Every dialect that claims spans. No two claim the same one, so the order has no meaning. */
export const DIALECTS: readonly Dialect[] = [
  spoorDialect,
  otelGenAiDialect,
  openInferenceDialect,
  openLlmetryDialect,
  vercelAiDialect,
  langfuseDialect,
  langsmithDialect,
  anthropicSdkDialect,
  genkitDialect,
  logfireDialect,
  mastraDialect,
  claudeCodeDialect,
  mlflowDialect,
];

const BY_NAME: ReadonlyMap<string, Dialect> = new Map(DIALECTS.map((dialect) => [dialect.name, dialect]));

/** The dialect that a span is written in; the plain reader when none claims it. */
export function pickDialect(span: DialectSpan): Dialect {
  const name = dialectNameOf(span);
  return (name === undefined ? undefined : BY_NAME.get(name)) ?? plainDialect;
}

export { plainDialect };
