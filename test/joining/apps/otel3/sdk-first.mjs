import './telemetry.mjs';
import './spoor.mjs';

await import('./agent.mjs');
