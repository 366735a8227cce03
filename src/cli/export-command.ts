import { SpoorError } from '../shared/errors.js';
import type { Command, CommandInput } from './command.js';
import { findSession } from './find-session.js';
import { createProgress } from './progress.js';
import { openOutput } from './span-files/output.js';
import { SOURCE_OPTIONS, withTrailSource } from './trail-source.js';

const FORMATS = 'otlp, jsonl, csv, ndjson, mermaid, html';

/** `spoor export`: one session, or everything, as a file. */
export const exportCommand: Command = {
  name: 'export',
  summary: 'Write a session, or everything, as OTLP/JSON, JSONL, CSV, NDJSON, Mermaid or one HTML page.',
  positionals: ['[session|latest]'],
  options: {
    ...SOURCE_OPTIONS,
    all: { type: 'boolean', summary: 'Everything instead of one session.' },
    format: { type: 'string', value: 'format', summary: `One of ${FORMATS}. Default: otlp.` },
    out: { type: 'string', value: 'file', summary: 'Write to this file. Default: standard output.' },
    json: { type: 'boolean', summary: 'Print the counts as JSON on standard error.' },
  },
  async run(input, terminal) {
    const { exportTrails, EXPORT_FORMATS, SINGLE_FORMATS } = await import('./export/export-trails.js');
    const given = input.text('format') ?? 'otlp';
    const format = EXPORT_FORMATS.find((known) => known === given);
    if (format === undefined) throw usage(`--format takes ${FORMATS}, not "${given}".`);
    const wanted = wantedSession(input);
    if (wanted === undefined && SINGLE_FORMATS.includes(format)) {
      throw usage(`--format ${format} shows one session: name it instead of --all.`);
    }
    const out = input.text('out');
    const progress = createProgress(terminal, { quiet: input.has('json') });
    const count = await withTrailSource(input, terminal, async (source) => {
      const only = wanted === undefined ? undefined : await findSession(source, wanted);
      // Opened once there is something to write: a wrong id must not empty a file.
      const output = openOutput(out, terminal);
      const written = await exportTrails(format, only, terminal, { source, output, progress });
      progress.end();
      await output.end();
      return written;
    });
    const isWhole = !terminal.stop.aborted;
    if (input.has('json')) terminal.err(`${JSON.stringify({ count, format, isWhole })}\n`);
    else if (out !== undefined)
      terminal.err(`${count} ${unitOf(format)} written${isWhole ? '' : '; ended early'}.\n`);
    return isWhole ? 0 : 1;
  },
};

function wantedSession(input: CommandInput): string | undefined {
  const [wanted] = input.positionals;
  if (wanted === undefined && !input.has('all')) throw usage('Name a session, `latest`, or give --all.');
  if (wanted !== undefined && input.has('all')) throw usage('Give a session or --all, not both.');
  return wanted;
}

function unitOf(format: string): string {
  return format === 'otlp' || format === 'jsonl' ? 'spans' : 'observations';
}

function usage(message: string): SpoorError {
  return new SpoorError('SPOOR_USAGE', message);
}
