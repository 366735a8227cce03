import { ask } from './plain.mjs';
import { startTelemetry } from './telemetry.mjs';

startTelemetry();
void ask();
