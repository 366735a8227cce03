import { init } from 'spoor';

init();
await import('./agent.mjs');
