import { SpoorError } from '../shared/errors.js';
import type { DeliveryReport } from '../sdk/journal/deliver-segments.js';
import type { Command } from './command.js';
import { holdProcess } from './hold-process.js';

const DEFAULT_SECONDS = 60;

/** `spoor flush`: sends what programs could not deliver. */
export const flushCommand: Command = {
  name: 'flush',
  summary: 'Send what programs could not deliver and left in the journal.',
  positionals: [],
  options: {
    to: {
      type: 'string',
      value: 'url',
      summary: 'Send everything to this OTLP/HTTP receiver. Default: the one it was meant for.',
    },
    refused: { type: 'boolean', summary: 'Send what a receiver refused before, too.' },
    timeout: {
      type: 'string',
      value: 'seconds',
      summary: `Longest time to try, 1 to 3600. Default: ${DEFAULT_SECONDS}.`,
    },
    json: { type: 'boolean', summary: 'Print the counts as JSON.' },
  },
  async run(input, terminal) {
    const seconds = input.number('timeout', 1, 3600) ?? DEFAULT_SECONDS;
    const to = input.text('to');
    if (to !== undefined && !isWebAddress(to)) {
      throw new SpoorError('SPOOR_USAGE', `--to takes an http or https address, not "${to}".`);
    }
    // Loaded here: the other commands have no use for OpenTelemetry.
    const { flushJournal } = await import('../sdk/journal/flush-journal.js');
    const report = await holdProcess(() =>
      flushJournal({
        to,
        refused: input.has('refused'),
        signal: AbortSignal.any([terminal.stop, AbortSignal.timeout(seconds * 1000)]),
        untilMs: performance.now() + seconds * 1000,
        onProgress: (delivered) => {
          if (!input.has('json')) terminal.err(`\r${delivered} spans delivered`);
        },
      }),
    );
    if (!input.has('json') && report.delivered > 0) terminal.err('\n');
    terminal.out(input.has('json') ? `${JSON.stringify(report)}\n` : renderReport(report));
    return report.waiting === 0 && report.refused === 0 ? 0 : 1;
  },
};

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function renderReport({ delivered, refused, waiting, torn }: DeliveryReport): string {
  const lines = [`${delivered} spans delivered.`];
  if (refused > 0) {
    lines.push(`${refused} were refused and put aside; \`spoor flush --refused\` sends them again.`);
  }
  if (waiting > 0) {
    lines.push(`${waiting} files wait: the receiver cannot be reached, or wants a key that is not set here.`);
  }
  if (torn > 0) lines.push(`${torn} lines were torn by a crash.`);
  return `${lines.join('\n')}\n`;
}
