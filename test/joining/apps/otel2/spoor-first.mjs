import './spoor.mjs';
import './telemetry.mjs';

await import('./agent.mjs');
