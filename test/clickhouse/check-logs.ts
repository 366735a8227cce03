import { afterAll } from 'vitest';
import { describeLogs } from '../store/logs-contract.js';
import { startEmbedded } from './embedded.js';

const embedded = startEmbedded();
afterAll(() => embedded.close());

describeLogs('the ClickHouse store', embedded.open);
