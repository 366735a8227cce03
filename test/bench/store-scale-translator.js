/** A translator over the store of `store-scale.js`, in a process of its own. Tells its address, and its memory when asked. */
import process from 'node:process';
import { openSqliteStore } from '../../dist/src/store/sqlite-store.js';
import { startTranslator } from '../../dist/src/translator.js';

const store = await openSqliteStore({ path: process.argv[2], maxBytes: Number(process.argv[3]) });
const translator = await startTranslator({ port: 0, store });
process.on('message', (message) => void answer(message));
async function answer(message) {
  if (message === 'memory') {
    // A read waits until all that follows from the spans is worked out.
    await store.session('none');
    globalThis.gc();
    globalThis.gc();
    const { heapUsed, rss } = process.memoryUsage();
    process.send({ heap: heapUsed, rss });
  } else {
    await translator.close();
    await store.close();
    process.disconnect();
  }
}
// Whoever asked may have failed.
process.on('disconnect', () => process.exit());
process.send({ url: translator.url });
