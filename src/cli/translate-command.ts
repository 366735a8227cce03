import type { Command } from './command.js';
import { createProgress } from './progress.js';
import { createBadLines } from './span-files/bad-lines.js';
import { openOutput } from './span-files/output.js';
import { SpoorError } from '../shared/errors.js';

/** For the help text, which must not load every dialect. */
const DIALECT_NAMES = 'otel-genai, openinference, openllmetry, langfuse';

/** `spoor translate`: spans of a file in another dialect. */
export const translateCommand: Command = {
  name: 'translate',
  summary: 'Rewrite the spans of a file in another dialect.',
  positionals: ['<in>'],
  options: {
    to: { type: 'string', value: 'dialect', summary: `The dialect to write: ${DIALECT_NAMES}.` },
    out: { type: 'string', value: 'file', summary: 'Write to this file. Default: standard output.' },
    'drop-own': {
      type: 'boolean',
      summary: 'Leave out the attributes that only spoor understands (spoor.*).',
    },
    json: {
      type: 'boolean',
      summary: 'Print the counts as JSON: with --out to standard output, else to standard error.',
    },
  },
  async run(input, terminal) {
    const path = input.positionals[0] ?? '-';
    const out = input.text('out');
    const to = input.text('to');
    if (to === undefined)
      throw new SpoorError('SPOOR_USAGE', `--to is missing: give one of ${DIALECT_NAMES}.`);
    if (out !== undefined && out === path) {
      throw new SpoorError('SPOOR_USAGE', `--out names the file that is read: "${out}".`);
    }
    const { writableDialect } = await import('../translate/rewrite-span.js');
    const { translateFile } = await import('./span-files/translate-file.js');
    const target = writableDialect(to);
    const bad = createBadLines();
    const counts = await translateFile(path, terminal, {
      target,
      keepOwn: !input.has('drop-own'),
      output: openOutput(out, terminal),
      bad,
      progress: createProgress(terminal, { quiet: input.has('json') }),
    });
    const isWhole = !terminal.stop.aborted;
    if (input.has('json')) {
      const result = `${JSON.stringify({ ...counts, badLines: bad.count, bad: bad.first, isWhole })}\n`;
      if (out === undefined) terminal.err(result);
      else terminal.out(result);
    } else {
      const lines = bad.count === 0 ? '' : `, ${bad.count} bad lines`;
      terminal.err(
        `${bad.render()}${counts.spans} spans, ${counts.rewritten} rewritten as ${target.name}${lines}.\n`,
      );
    }
    return bad.count === 0 && isWhole ? 0 : 1;
  },
};
