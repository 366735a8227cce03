import { ask } from './agent.mjs';
import { startTelemetry } from './telemetry.mjs';

startTelemetry();
void ask();
