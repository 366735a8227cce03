import { ENVIRONMENT } from './environment.js';
import type { Options } from './options.js';

/** What the environment says: the options it sets, by which variable, and what could not be read. */
export interface EnvironmentReading {
  readonly options: Options;
  readonly winners: Readonly<Partial<Record<keyof Options, string>>>;
  /** One line for each variable whose value cannot be used; such a variable is passed over. */
  readonly problems: readonly string[];
}

/** Reads the environment by the table. Never throws: a bad value is passed over and named in `problems`. */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): EnvironmentReading {
  const options: Record<string, unknown> = {};
  const winners: Partial<Record<keyof Options, string>> = {};
  const problems: string[] = [];
  for (const { names, option, parse, adds } of ENVIRONMENT) {
    if (option === undefined) continue;
    for (const name of names) {
      const text = env[name]?.trim();
      const before = options[option];
      if ((before !== undefined && adds !== true) || text === undefined || text === '') continue;
      const parsed = parse(text, (argument) => env[argument]);
      if (parsed.ok) {
        if (parsed.value === undefined) continue;
        options[option] =
          before === undefined ? parsed.value : { ...(parsed.value as object), ...(before as object) };
        winners[option] ??= name;
      } else {
        problems.push(`${name}: expected ${parsed.expected}`);
      }
    }
  }
  return { options, winners, problems };
}
