import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const ENTRIES = ['src/index.ts', 'src/client.ts', 'src/translator.ts', 'src/testing/index.ts'];

interface Exported {
  readonly name: string;
  /** The comment before the declaration; empty without one. */
  readonly comment: string;
}

/** What an entry exports to be called or constructed: functions, classes, and constants that are wrappers. */
function exportedBy(entry: string): Exported[] {
  const text = readFileSync(join(ROOT, entry), 'utf8');
  const lists = [...text.matchAll(/^export \{([^}]*)\} from '([^']+)';/gm)];
  const own = [...text.matchAll(/^export (?:async )?(?:function|class) (\w+)/gm)].map(([, name = '']) =>
    declared(name, entry),
  );
  const passedOn = lists.flatMap(([, names = '', from = '']) =>
    names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '' && !name.startsWith('type '))
      .map((name) => declared(name, join(dirname(entry), from).replace(/\.js$/, '.ts'))),
  );
  return [...own, ...passedOn].filter((found) => found !== undefined);
}

/** Undefined for what is neither a function, a class nor a wrapper, such as a table. */
function declared(name: string, file: string): Exported | undefined {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const declaration = new RegExp(
    String.raw`(\/\*\*(?:[^*]|\*(?!\/))*\*\/\n)?export (?:(?:async )?function|class|const) ${name}\b([^\n]*)`,
  ).exec(text);
  if (declaration === null) throw new Error(`${file} declares no ${name}`);
  const [found, comment = '', rest = ''] = declaration;
  return found.includes('export const') && !rest.startsWith(': Wrapper<') ? undefined : { name, comment };
}

describe.each(ENTRIES)('%s', (entry) => {
  const all = exportedBy(entry);

  it('exports something', () => {
    expect(all.length).toBeGreaterThan(0);
  });

  it('describes everything that it exports, with an example', () => {
    const bare = all.filter(({ comment }) => !/\* @example\n(?:.*\n)* \* \S/.test(comment));
    expect(bare.map(({ name }) => name)).toEqual([]);
  });
});
