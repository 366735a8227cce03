import type { Command } from './command.js';
import { holdProcess } from './hold-process.js';
import { createProgress } from './progress.js';
import { createBadLines } from './span-files/bad-lines.js';
import { SOURCE_OPTIONS } from './trail-source.js';

/** `spoor import`: spans from files into a translator or its data folder. */
export const importCommand: Command = {
  name: 'import',
  summary: 'Read spans from files into a translator, or into its data folder.',
  positionals: ['<files…>'],
  options: {
    url: SOURCE_OPTIONS.url,
    data: {
      type: 'string',
      value: 'folder',
      summary: 'Write to this data folder, which no translator may have open.',
    },
    json: { type: 'boolean', summary: 'Print the counts as JSON.' },
  },
  async run(input, terminal) {
    const { openSpanSink } = await import('./trail-files/span-sink.js');
    const { importFiles } = await import('./trail-files/import-files.js');
    const bad = createBadLines();
    const sink = await openSpanSink(input, terminal);
    try {
      const { spans } = await holdProcess(() =>
        importFiles(input.positionals, terminal, {
          sink,
          bad,
          progress: createProgress(terminal, { quiet: input.has('json') }),
        }),
      );
      const isWhole = !terminal.stop.aborted;
      if (input.has('json')) {
        const counts = { spans, badLines: bad.count, bad: bad.first, isWhole, to: sink.name };
        terminal.out(`${JSON.stringify(counts)}\n`);
      } else {
        terminal.err(bad.render());
        const lines = bad.count === 0 ? '' : `, ${bad.count} bad lines`;
        terminal.out(`${spans} spans imported into ${sink.name}${lines}${isWhole ? '' : '; ended early'}.\n`);
      }
      return bad.count === 0 && isWhole ? 0 : 1;
    } finally {
      await sink.close();
    }
  },
};
