import type { Command } from './command.js';

/** The help text of all commands. */
export function renderHelp(commands: readonly Command[]): string {
  const rows = commands.map((command): [string, string] => [usageOf(command), command.summary]);
  return [
    'spoor: the trail of an AI agent, read from OpenTelemetry spans.',
    '',
    'Usage: spoor <command> [options]',
    '',
    ...table([
      ...rows,
      ['--help, -h', 'Show this text, or the one of a command.'],
      ['--version', 'Show the version.'],
    ]),
    '',
  ].join('\n');
}

/** The help text of one command. */
export function renderCommandHelp(command: Command): string {
  const rows = Object.entries(command.options).map(([name, option]): [string, string] => [
    option.type === 'string' ? `--${name} <${option.value ?? 'value'}>` : `--${name}`,
    option.summary,
  ]);
  return [
    `Usage: spoor ${usageOf(command)} [options]${command.rest === undefined ? '' : ` [-- <${command.rest}>]`}`,
    '',
    command.summary,
    '',
    ...table([...rows, ['--help, -h', 'Show this text.']]),
    '',
  ].join('\n');
}

function usageOf(command: Command): string {
  return [command.name, ...command.positionals].join(' ');
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
