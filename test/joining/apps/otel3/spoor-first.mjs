await import('./spoor.mjs');
await import('./telemetry.mjs');
await import('./agent.mjs');
