await import('./telemetry.mjs');
await import('./spoor.mjs');
await import('./agent.mjs');
