/** Where finished spans go: an OTLP receiver, files, the memory of the process, the terminal, or nowhere. */
export type Storage = 'otlp' | 'file' | 'memory' | 'console' | 'none';

export const STORAGES: readonly Storage[] = ['otlp', 'file', 'memory', 'console', 'none'];
export const DEFAULT_BASE_PATH = './traces';

/** What other products call one of ours. */
const ALIASES: Readonly<Record<string, Storage>> = { http: 'otlp' };

/** The storage that a word names, in any case, or undefined. */
export function parseStorage(word: string): Storage | undefined {
  const name = word.trim().toLowerCase();
  return ALIASES[name] ?? STORAGES.find((storage) => storage === name);
}

/** The storages that are asked for, each once. `none` is the empty list, and says nothing beside others. */
export function storageList(
  given: Storage | readonly Storage[] | undefined,
): readonly Exclude<Storage, 'none'>[] {
  const list = typeof given === 'string' ? [given] : (given ?? ['otlp']);
  return [...new Set(list)].filter((storage) => storage !== 'none');
}
