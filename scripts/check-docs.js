/**
 * Holds the documents against the repository: every relative link leads to a file, every code block that quotes a file
 * (`<!-- file: examples/x.ts -->` on the line before it) is that file, every `npm run` that is named exists, and the generated
 * tables are up to date. Fails when it looked at nothing. `--write` rewrites the quoted blocks and the tables.
 */
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { referencePages } from './generate-docs.js';
import { portPages } from './port-pages.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const write = process.argv.includes('--write');
const complaints = [];
let checked = 0;

function check(ok, complaint) {
  checked += 1;
  if (!ok) complaints.push(complaint);
}

/** Links of the form [text](path), without those that leave the repository. */
function checkLinks(file, text) {
  for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    const [path, anchor] = target.split('#');
    const full = path === '' ? join(root, file) : join(root, dirname(file), path);
    check(existsSync(full), `${file}: the link ${target} leads nowhere`);
    if (anchor && existsSync(full) && full.endsWith('.md')) {
      check(anchors(readFileSync(full, 'utf8')).has(anchor), `${file}: no heading for ${target}`);
    }
  }
}

function anchors(text) {
  return new Set(
    [...text.matchAll(/^#+\s+(.+)$/gm)].map(([, title]) =>
      title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(/\s/g, '-'),
    ),
  );
}

/** Blocks that quote a file, whole or the part between `// #region name` and `// #endregion`. */
function checkQuotes(file, text) {
  return text.replaceAll(
    /(<!-- file: ([^\s#]+)(?:#([\w-]+))? -->\n+```\w*\n)([\s\S]*?)(```)/g,
    (whole, head, path, region, quoted, tail) => {
      const source = quotedSource(join(root, path), region);
      check(source !== undefined, `${file}: quotes ${path}, which does not exist`);
      if (source === undefined) return whole;
      check(write || source === quoted, `${file}: the block quoting ${path} differs from it`);
      return head + source + tail;
    },
  );
}

function quotedSource(path, region) {
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8');
  if (region === undefined) return text;
  const start = text.indexOf(`// #region ${region}\n`);
  const end = text.indexOf('// #endregion', start);
  return start < 0 || end < 0 ? undefined : text.slice(text.indexOf('\n', start) + 1, end);
}

function checkScripts(file, text, scripts) {
  for (const [, name] of text.matchAll(/`[^`\n]*\bnpm run ([\w:]+)/g)) {
    check(Object.hasOwn(scripts, name), `${file}: npm run ${name} does not exist`);
  }
}

function checkGenerated(file, wanted) {
  const path = join(root, file);
  if (write) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, wanted);
  }
  check(
    existsSync(path) && readFileSync(path, 'utf8') === wanted,
    `${file} is out of date: run npm run check:docs -- --write`,
  );
}

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
for (const page of [...(await referencePages()), ...portPages()]) checkGenerated(page.file, page.text);
const files = globSync(['*.md', 'docs/**/*.md', 'instrumentations/*/*.md', 'examples/**/*.md'], {
  cwd: root,
  exclude: (name) => name.includes('node_modules'),
});
for (const file of files) {
  const text = readFileSync(join(root, file), 'utf8');
  checkLinks(file, text);
  checkScripts(file, text, scripts);
  const quoted = checkQuotes(file, text);
  if (write && quoted !== text) writeFileSync(join(root, file), quoted);
}
for (const complaint of complaints) console.error(complaint);
console.log(`docs: ${files.length} files looked at, ${checked} checks made, ${complaints.length} failed`);
process.exitCode = complaints.length === 0 && files.length > 0 && checked > 0 ? 0 : 1;
