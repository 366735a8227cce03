/** Where a command reads its surroundings and writes its result. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** At least 60. */
  columns: number;
  isColoured: boolean;
  env: NodeJS.ProcessEnv;
  /** Resolves once what was written to `out` is on its way: long output waits for it. */
  drained(): Promise<void>;
  /** What is piped into the command, as text. */
  stdin(): AsyncIterable<string>;
  /** Aborts when the user asks the command to end. */
  stop: AbortSignal;
}

export interface CommandOption {
  type: 'string' | 'boolean';
  /** Name of the value in the help text. */
  value?: string;
  summary: string;
}

export interface CommandInput {
  positionals: readonly string[];
  /** What stands after `--`. */
  rest: readonly string[];
  /** Text of an option that takes a value, when it was given. */
  text(option: string): string | undefined;
  /** Texts of an option that may be given more than once, or once with commas. */
  texts(option: string): readonly string[];
  /** Texts of an option that may be given more than once, commas and all. */
  each(option: string): readonly string[];
  /** Whole number of an option that takes one; throws `SPOOR_USAGE` outside the range. */
  number(option: string, min: number, max: number): number | undefined;
  has(option: string): boolean;
}

export interface Command {
  name: string;
  summary: string;
  /**
   * Positional arguments as the help text shows them: `<name>` is required, `[name]` is not, and the last may be `<name…>`,
   * for one or more, or `[name…]`, for any number.
   */
  positionals: readonly string[];
  /** What may stand after `--`, as the help text shows it. */
  rest?: string;
  options: Readonly<Record<string, CommandOption>>;
  /** Resolves to the exit code. */
  run(input: CommandInput, terminal: Terminal): Promise<number>;
}
