import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { provideLateModules } from '../../src/late-modules.js';
import { COMMANDS } from '../../src/cli/commands.js';
import { ENVIRONMENT } from '../../src/config/environment.js';
import { OPTION_NAMES, parseOptions } from '../../src/config/options.js';
import * as spoor from '../../src/index.js';
import * as testing from '../../src/testing/index.js';
import { SEED_NAMES } from './seed-names.js';

provideLateModules();

interface Target {
  kind: string;
  name: string;
  of?: string;
}
interface Product {
  product: string;
  rows: { section: string; names: string[]; targets: Target[]; note: string }[];
}

const ROOT = join(import.meta.dirname, '../..');
const PRODUCTS = JSON.parse(
  execFileSync(process.execPath, ['scripts/port-pages.js', '--json'], { cwd: ROOT, encoding: 'utf8' }),
) as Product[];
const TARGETS = PRODUCTS.flatMap(({ rows }) => rows.flatMap(({ targets }) => targets));

/** Each way to look a name up answers whether it exists. */
const EXISTS: Readonly<Record<string, (target: Target) => boolean>> = {
  export: ({ name }) => Object.hasOwn(spoor, name),
  type: ({ name }) => exportedTypes().has(name),
  option: ({ name }) => (OPTION_NAMES as readonly string[]).includes(name),
  env: ({ name }) => ENVIRONMENT.some(({ names }) => names.includes(name)),
  command: ({ name }) => COMMANDS.some((command) => command.name === name),
  field: ({ of = '', name }) => fieldsOf(of).has(name),
};
/** What is announced must not be there yet, or the page is out of date. */
const ANNOUNCED: Readonly<Record<string, (target: Target) => boolean>> = {
  notYet: ({ name }) => [spoor, testing, spoor.SpoorClient.prototype].some((home) => name in home),
  commandNotYet: ({ name }) => COMMANDS.some((command) => command.name === name),
};

let types: Set<string> | undefined;
function exportedTypes(): Set<string> {
  const text = readFileSync(join(ROOT, 'src/index.ts'), 'utf8');
  types ??= new Set(
    [...text.matchAll(/^export type \{([^}]+)\}/gm)].flatMap(([, list = '']) => list.match(/\w+/g) ?? []),
  );
  return types;
}

/** Interfaces of the write side: name, what they extend and their members. */
const INTERFACES = new Map(
  globSync('src/{client,config,sdk,tracing}/**/*.ts', { cwd: ROOT }).flatMap((file) =>
    [
      ...readFileSync(join(ROOT, file), 'utf8').matchAll(
        /^export (?:interface|class) (\w+)(?:<[^>]*>)?(?: extends ([^{]+))? \{\n([\s\S]*?)^\}/gm,
      ),
    ].map(([, name = '', bases = '', body = '']) => [name, { bases: bases.match(/\w+/g) ?? [], body }]),
  ),
);

function fieldsOf(name: string): Set<string> {
  const found = INTERFACES.get(name);
  if (found === undefined) return new Set();
  const own = [...found.body.matchAll(/^ {2}(?:readonly |async )*(\w+)(?:<[^>]*>)?[?:(]/gm)].map(
    ([, field = '']) => field,
  );
  return new Set([...own, ...found.bases.flatMap((base) => [...fieldsOf(base)])]);
}

describe('the tables', () => {
  it('have every name of the documents of the products', () => {
    expect(PRODUCTS.map(({ product }) => product)).toEqual(Object.keys(SEED_NAMES));
    for (const { product, rows } of PRODUCTS) {
      const names = new Set(rows.flatMap((row) => row.names));
      expect((SEED_NAMES[product] ?? []).filter((name) => !names.has(name))).toEqual([]);
    }
  });

  it('name nothing of ours that does not exist', () => {
    const looked = TARGETS.filter(({ kind }) => kind in EXISTS);
    expect(looked.length).toBeGreaterThan(100);
    expect(looked.filter((target) => EXISTS[target.kind]?.(target) !== true)).toEqual([]);
  });

  it('announce nothing that is there already', () => {
    const looked = TARGETS.filter(({ kind }) => kind in ANNOUNCED);
    expect(looked.filter((target) => ANNOUNCED[target.kind]?.(target) === true)).toEqual([]);
  });

  it('say of every row what it becomes, in a way that is known', () => {
    const kinds = new Set([...Object.keys(EXISTS), ...Object.keys(ANNOUNCED), 'text', 'nothing']);
    expect(TARGETS.filter(({ kind }) => !kinds.has(kind))).toEqual([]);
  });

  it('name no name twice in one section', () => {
    for (const { rows } of PRODUCTS) {
      const keys = rows.flatMap(({ section, names }) => names.map((name) => `${section}: ${name}`));
      expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
    }
  });

  it('have every foreign variable that is honoured, and say so', () => {
    const honoured = ENVIRONMENT.flatMap(({ names }) => names).filter((name) =>
      /^(?:LUCIDIC|FLUXLOOP|REFLECT)_/.test(name),
    );
    const said = TARGETS.filter(({ kind, name }) => kind === 'env' && !name.startsWith('SPOOR_'));
    expect(said.map(({ name }) => name).toSorted()).toEqual(honoured.toSorted());
    expect(honoured.length).toBeGreaterThan(15);
  });

  it('say that an alias of an option is accepted only where it is', () => {
    const aliases = PRODUCTS.flatMap(({ rows }) => rows).filter(({ note }) => /alias .*accepted/.test(note));
    const values: Record<string, unknown> = {
      providers: ['a'],
      maskingFunction: String,
      collectorUrl: 'http://127.0.0.1:1',
      sampleRate: 0.5,
    };
    expect(aliases.length).toBeGreaterThan(4);
    for (const { names, targets } of aliases) {
      const alias = names.at(-1) ?? '';
      const camel = alias.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
      expect(Object.keys(parseOptions({ [alias]: values[camel] ?? 'x' }))).toEqual([targets[0]?.name]);
    }
  });
});
