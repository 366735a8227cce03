import type { Command, CommandInput, Terminal } from './command.js';
import type { CheckGroup } from './doctor/check.js';
import { renderChecks } from './doctor/render-checks.js';
import { holdProcess } from './hold-process.js';
import { toSafeJson } from './safe-text.js';

/** `spoor doctor`: what is set up, what is not, and what to do. */
export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'Check the set-up here; `doctor -- node app.js` runs a program and tells what was traced.',
  positionals: [],
  rest: 'command',
  options: {
    json: { type: 'boolean', summary: 'Print the checks as JSON.' },
    offline: { type: 'boolean', summary: 'Send no probe span to the receiver.' },
  },
  async run(input, terminal) {
    const groups = await examine(input, terminal);
    const isWell = groups.every(({ checks }) => checks.every(({ status }) => status !== 'trouble'));
    terminal.out(
      input.has('json')
        ? `${toSafeJson({ ok: isWell, groups }, 2)}\n`
        : renderChecks(groups, terminal.isColoured),
    );
    return isWell ? 0 : 1;
  },
};

async function examine(input: CommandInput, terminal: Terminal): Promise<CheckGroup[]> {
  // Loaded here: the other commands have no use for OpenTelemetry.
  const [{ examineSetUp }, { checkRun }] = await Promise.all([
    import('./doctor/examine-set-up.js'),
    import('./doctor/check-run.js'),
  ]);
  // The program first: what it could not deliver is in the journal then.
  const run = input.rest.length === 0 ? [] : await checkRun(input.rest, terminal);
  const setUp = await holdProcess(() =>
    examineSetUp({
      folder: process.cwd(),
      env: terminal.env,
      isOffline: input.has('offline'),
      stop: terminal.stop,
    }),
  );
  return [...run, ...setUp];
}
