/** The same for a program of ES modules: the hook is the one that OpenTelemetry documents, for those that need one. */
import { createRequire, register } from 'node:module';
import process from 'node:process';

const needsHook = ['contrib', 'OpenLLMetry', 'OpenInference'].includes(process.env.RIVAL);
if (needsHook) register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
createRequire(import.meta.url)('./start-up.cjs');
