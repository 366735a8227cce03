import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, '../../dist');

/** Our own files that loading `entry` loads at once: what its static imports reach. */
function staticFiles(entry) {
  const seen = new Set();
  const visit = (file) => {
    if (seen.has(file)) return;
    if (!existsSync(file)) throw new Error(`${file} does not exist: run npm run build first`);
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    for (const match of text.matchAll(/^(?:import|export)\b(?:[^'"=]*?\bfrom)?\s*['"](\.[^'"]+)['"];?$/gm)) {
      visit(resolve(dirname(file), match[1]));
    }
  };
  visit(join(dist, entry));
  return [...seen].map((file) => relative(here, file));
}

const asFiles = { gzip: true, brotli: false };

export default [
  {
    name: 'dashboard (page, script and style)',
    path: ['html', 'js', 'css'].map((kind) => `../../dist/src/dashboard/*.${kind}`),
    limit: '100 kB',
    ...asFiles,
  },
  {
    name: 'what the preload loads at once',
    path: staticFiles('src/register.js'),
    limit: '60 kB',
    ...asFiles,
  },
  {
    // The whole API for programs. What a part of it is made of comes with its first use, the SDK of OpenTelemetry with a span.
    name: 'what importing spoor loads at once',
    path: staticFiles('src/index.js'),
    limit: '75 kB',
    ...asFiles,
  },
];
