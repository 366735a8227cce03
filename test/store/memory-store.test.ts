import { createMemoryStore } from '../../src/store/memory-store.js';
import { describeStore } from './contract.js';
import { describeOpenSpans } from './open-spans-contract.js';

describeStore('the memory store', async (options) => createMemoryStore(options));
describeOpenSpans('the memory store', async (options) => createMemoryStore(options));
