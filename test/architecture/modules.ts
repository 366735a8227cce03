import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';

export const ROOT: string = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** One import, re-export or dynamic import. `target` is a path from the root for our own files, else a package's name. */
export interface ModuleImport {
  specifier: string;
  target: string;
  external: boolean;
  typeOnly: boolean;
  /** Loaded when it is needed, not with the file. */
  dynamic: boolean;
}

/** What the rules need to know of one source file. */
export interface SourceModule {
  /** From the root, with forward slashes. */
  path: string;
  text: string;
  lines: number;
  imports: ModuleImport[];
  exportsAll: boolean;
  exportsDefault: boolean;
}

/** Parses every TypeScript source below the folders (declarations, fixtures and installed packages left out). */
export async function readModules(folders: readonly string[]): Promise<SourceModule[]> {
  const files = await Promise.all(folders.map((folder) => listSources(join(ROOT, folder))));
  return files
    .flat()
    .toSorted()
    .map((file) => parseModule(relative(ROOT, file).split(sep).join('/'), readFileSync(file, 'utf8')));
}

async function listSources(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/[\\/](node_modules|fixtures|\.cache)[\\/]/.test(file));
}

/** Parses one source. Throws when it does not parse: a file that cannot be read cannot be judged. */
export function parseModule(path: string, text: string): SourceModule {
  const { module, errors } = parseSync(path, text, { lang: path.endsWith('x') ? 'tsx' : 'ts' });
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const imports: ModuleImport[] = [];
  const add = (specifier: string, typeOnly: boolean, dynamic = false): void => {
    imports.push({ specifier, typeOnly, dynamic, ...resolve(path, specifier) });
  };
  for (const found of module.staticImports) {
    const typeOnly = found.entries.length > 0 && found.entries.every((entry) => entry.isType);
    add(found.moduleRequest.value, typeOnly || /^import\s+type\b/.test(text.slice(found.start, found.end)));
  }
  const exports = module.staticExports.flatMap((found) => found.entries);
  for (const entry of exports) if (entry.moduleRequest) add(entry.moduleRequest.value, entry.isType);
  for (const found of module.dynamicImports) {
    const literal = /^(['"`])([^'"`$]+)\1$/.exec(
      text.slice(found.moduleRequest.start, found.moduleRequest.end),
    );
    if (literal?.[2] !== undefined) add(literal[2], isTypeQuery(text, found.start), true);
  }
  for (const specifier of lateSpecifiers(text)) add(specifier, false, true);
  for (const match of text.matchAll(/\brequire\(\s*(['"])([^'"]+)\1\s*\)/g)) add(match[2] ?? '', false);
  return {
    path,
    text,
    lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    imports,
    exportsAll: exports.some((entry) => entry.importName.kind.startsWith('All')),
    exportsDefault: exports.some((entry) => entry.exportName.kind === 'Default'),
  };
}

/** Files that are loaded when they are first needed. */
function lateSpecifiers(text: string): string[] {
  return [...text.matchAll(/\blateModule<[^(]*>\(\s*(['"])([^'"]+)\1/g)].map((match) => match[2] ?? '');
}

/** `typeof import('x')` is erased. */
function isTypeQuery(text: string, start: number): boolean {
  return /typeof\s+$/.test(text.slice(Math.max(0, start - 12), start));
}

function resolve(from: string, specifier: string): { target: string; external: boolean } {
  if (!specifier.startsWith('.')) {
    const parts = specifier.split('/');
    const name = specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
    return { target: specifier.startsWith('node:') ? specifier : (name ?? specifier), external: true };
  }
  const path = posix.join(posix.dirname(from), specifier);
  return { target: path.replace(/\.js$/, '.ts').replace(/\.jsx$/, '.tsx'), external: false };
}
