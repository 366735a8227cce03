import { parseArgs } from 'node:util';
import { SpoorError } from '../shared/errors.js';
import { nearestWord } from '../shared/nearest-word.js';
import type { Command, CommandInput } from './command.js';

/**
 * Reads the arguments of one command.
 * @throws SpoorError `SPOOR_USAGE` that names the argument and, when one is near, the word that was meant
 */
export function parseCommandLine(command: Command, given: readonly string[]): CommandInput {
  const end = command.rest === undefined ? -1 : given.indexOf('--');
  const args = end === -1 ? [...given] : given.slice(0, end);
  const { tokens } = parseArgs({
    args,
    options: Object.fromEntries(Object.entries(command.options).map(([name, { type }]) => [name, { type }])),
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const values = new Map<string, string | true>();
  const lists = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const value = readOption(command, token.rawName, token.name, token.value);
    values.set(token.name, value);
    if (value !== true) lists.set(token.name, [...(lists.get(token.name) ?? []), value]);
  }
  checkPositionals(command, positionals);
  return {
    positionals,
    rest: end === -1 ? [] : given.slice(end + 1),
    text(option) {
      const value = values.get(option);
      return typeof value === 'string' ? value : undefined;
    },
    texts: (option) =>
      (lists.get(option) ?? [])
        .flatMap((text) => text.split(','))
        .map((text) => text.trim())
        .filter((text) => text !== ''),
    each: (option) => lists.get(option) ?? [],
    number(option, min, max) {
      const value = values.get(option);
      if (value === undefined) return undefined;
      const number = Number(value);
      if (value !== true && /^\d+$/.test(value) && number >= min && number <= max) return number;
      throw usage(command, `--${option} takes a whole number from ${min} to ${max}, not "${String(value)}".`);
    },
    has: (option) => values.has(option),
  };
}

function readOption(
  command: Command,
  rawName: string,
  name: string,
  value: string | undefined,
): string | true {
  const option = Object.hasOwn(command.options, name) ? command.options[name] : undefined;
  if (option === undefined)
    throw usage(command, unknownText('option', rawName, name, Object.keys(command.options), '--'));
  if (option.type === 'boolean') {
    if (value !== undefined) throw usage(command, `${rawName} takes no value.`);
    return true;
  }
  if (value === undefined || value === '')
    throw usage(command, `${rawName} needs a value: ${rawName} <${option.value}>.`);
  return value;
}

function checkPositionals(command: Command, given: readonly string[]): void {
  const missing = command.positionals[given.length];
  if (missing?.startsWith('<') === true) throw usage(command, `${missing} is missing.`);
  if (/…[>\]]$/.test(command.positionals.at(-1) ?? '')) return;
  const extra = given[command.positionals.length];
  if (extra !== undefined) throw usage(command, `"${extra}" is one argument too many.`);
}

/** `There is no command "sesions". Did you mean "sessions"?` */
export function unknownText(
  kind: string,
  shown: string,
  given: string,
  words: readonly string[],
  prefix = '',
): string {
  const near = nearestWord(given, words);
  return `There is no ${kind} "${shown}".${near === undefined ? '' : ` Did you mean "${prefix}${near}"?`}`;
}

function usage(command: Command, message: string): SpoorError {
  return new SpoorError('SPOOR_USAGE', `${message} See \`spoor ${command.name} --help\`.`);
}
