import { afterAll } from 'vitest';
import { describeStore } from '../store/contract.js';
import { describeOpenSpans } from '../store/open-spans-contract.js';
import { describeQueries } from '../store/query-contract.js';
import { startEmbedded } from './embedded.js';

const embedded = startEmbedded();
afterAll(() => embedded.close());

describeStore('the ClickHouse store', embedded.open);
describeOpenSpans('the ClickHouse store', embedded.open);
describeQueries('the ClickHouse store', embedded.open);
