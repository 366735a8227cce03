import { existsSync } from 'node:fs';
import { openDataDir, storePath } from '../server/data-dir.js';
import { SpoorError } from '../shared/errors.js';
import type { Command } from './command.js';
import { formatCount, formatDuration } from './format.js';
import { createProgress } from './progress.js';

/** `spoor reindex`: makes sessions, steps, scores and the search index anew from the spans as received. */
export const reindexCommand: Command = {
  name: 'reindex',
  summary: 'Make sessions, steps, scores and the search index anew from the spans as they were received.',
  positionals: [],
  options: {
    data: {
      type: 'string',
      value: 'folder',
      summary: 'The data folder, which no translator may have open. Default: .spoor.',
    },
    json: { type: 'boolean', summary: 'Print the counts as one line of JSON.' },
  },
  async run(input, terminal) {
    const dataDir = input.text('data') ?? '.spoor';
    if (!existsSync(storePath(dataDir))) {
      throw new SpoorError('SPOOR_NOT_FOUND', `There is no store in the folder "${dataDir}".`);
    }
    const startMs = performance.now();
    const progress = createProgress(terminal, { quiet: input.has('json') });
    const store = await openDataDir(dataDir, { readOnly: false });
    try {
      const total = (await store.stats()).spans;
      const spans = await store.reindex((done) =>
        progress.show(() => `${formatCount(done)} of ${formatCount(total)} spans`),
      );
      progress.end();
      const tookMs = Math.round(performance.now() - startMs);
      terminal.out(
        input.has('json')
          ? `${JSON.stringify({ spans, tookMs })}\n`
          : `${formatCount(spans)} spans read again in ${formatDuration(tookMs)}.\n`,
      );
      return 0;
    } finally {
      progress.end();
      await store.close();
    }
  },
};
