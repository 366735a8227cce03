import { createMemoryStore } from '../../src/store/memory-store.js';
import { describeStore } from './contract.js';

describeStore('the memory store', async (options) => createMemoryStore(options));
