import { createMemoryStore } from '../../src/store/memory-store.js';
import { describeStore } from './contract.js';
import { describeOpenSpans } from './open-spans-contract.js';
import { describeQueries } from './query-contract.js';

describeStore('the memory store', async (options) => createMemoryStore(options));
describeOpenSpans('the memory store', async (options) => createMemoryStore(options));
describeQueries('the memory store', async (options) => createMemoryStore(options));
