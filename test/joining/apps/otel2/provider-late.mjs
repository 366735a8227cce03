// The program's own pipeline comes up after the first calls were made.
await import('./agent.mjs');
await import('./provider.mjs');
await import('./agent.mjs?again');
