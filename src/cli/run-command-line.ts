import { VERSION } from '../shared/version.js';
import { ERRORS } from '../shared/error-codes.js';
import { SpoorError } from '../shared/errors.js';
import type { Command, Terminal } from './command.js';
import { parseCommandLine, unknownText } from './parse-command-line.js';
import { renderCommandHelp, renderHelp } from './render-help.js';
import { toSafeText } from './safe-text.js';

/** Runs one command line; errors go to `err` with their code and what to do. Returns 0, 1 (failed) or 2 (wrong use). */
export async function runCommandLine(
  args: readonly string[],
  commands: readonly Command[],
  terminal: Terminal,
): Promise<number> {
  try {
    return await dispatch(args, commands, terminal);
  } catch (error) {
    terminal.err(errorText(error));
    return error instanceof SpoorError && USAGE_CODES.has(error.code) ? 2 : 1;
  }
}

const USAGE_CODES: ReadonlySet<string> = new Set([
  'SPOOR_USAGE',
  'SPOOR_OPTION_INVALID',
  'SPOOR_OPTION_UNKNOWN',
]);

async function dispatch(
  args: readonly string[],
  commands: readonly Command[],
  terminal: Terminal,
): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) {
    terminal.err(renderHelp(commands));
    return 2;
  }
  if (name === '--version' || name === '-v') {
    terminal.out(`${VERSION}\n`);
    return 0;
  }
  if (name === '--help' || name === '-h' || (name === 'help' && rest.length === 0)) {
    terminal.out(renderHelp(commands));
    return 0;
  }
  const wanted = name === 'help' ? rest[0] : name;
  const command = commands.find((candidate) => candidate.name === wanted);
  if (command === undefined) throw unknownCommand(wanted ?? '', commands);
  if (name === 'help' || asksForHelp(rest)) {
    terminal.out(renderCommandHelp(command));
    return 0;
  }
  return command.run(parseCommandLine(command, rest), terminal);
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end === -1 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h');
}

function unknownCommand(given: string, commands: readonly Command[]): SpoorError {
  const kind = given.startsWith('-') ? 'option' : 'command';
  const words = commands.map((command) => command.name);
  return new SpoorError('SPOOR_USAGE', `${unknownText(kind, given, given, words)} See \`spoor --help\`.`);
}

function errorText(error: unknown): string {
  if (error instanceof SpoorError) {
    return `spoor: ${toSafeText(error.message)}\n  ${ERRORS[error.code].remedy}\n  ${error.code}\n`;
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `spoor: an unforeseen failure. Please report it.\n${message}\n`;
}
