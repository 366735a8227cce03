// The contract suite on every Node: SDK × version × Node × module format × scenarios. Writes docs/reference/sdks.md when all of
// it ran. Options: --sdk=openai6,openai7  --nodes=20,24  --sample (every version on this Node, the newest of each SDK on the others)
// --write (the page, whatever ran; with --sdk only the sections of those, which must then be named with all their versions)
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { installNodes } from '../test/contracts/nodes.js';
import { checkPreload } from '../test/contracts/preload-check.js';
import { SCRATCH } from '../test/contracts/scratch.js';
import { byReason, printRow, printTally, runContracts } from '../test/contracts/suite.js';
import { compareVersions } from '../test/contracts/versions.js';
import { replaceSections, sdkPage } from './matrix-page.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const PAGE = 'docs/reference/sdks.md';
const { values: options } = parseArgs({
  options: {
    sdk: { type: 'string' },
    nodes: { type: 'string' },
    sample: { type: 'boolean' },
    write: { type: 'boolean' },
    'no-build': { type: 'boolean' },
  },
});

if (!options['no-build']) {
  execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-b', 'src', 'instrumentations'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
}
const isChosen = (name, choice) => choice === undefined || choice.split(',').includes(name);
const nodes = installNodes().filter(({ major }) => isChosen(String(major), options.nodes));
const here = process.version.slice(1);

/**
 * A sample is every version on this Node as ESM, the newest as CJS too, and on each other Node the newest version of each SDK that
 * runs there, as ESM.
 */
function isSampled({ alias, node, format }, versions) {
  const fitting = versions
    .filter(({ engine }) => node.major >= Number(engine?.match(/\d+/)?.[0] ?? 0))
    .toSorted((a, b) => compareVersions(a.version, b.version));
  const isNewest = fitting.at(-1)?.alias === alias;
  return node.version === here ? format === 'esm' || isNewest : format === 'esm' && isNewest;
}

/** The preload as it is in the packed package. */
const REGISTER = join(SCRATCH, 'node_modules/spoor/dist/src/register.js');
const rows = [];
await runContracts(
  {
    nodes,
    wanted: (row, versions) =>
      isChosen(row.alias, options.sdk) && (options.sample !== true || isSampled(row, versions)),
  },
  (row) => {
    rows.push(row);
    printRow(row);
  },
);
printSummary();
const preloads = nodes.map((node) => checkPreload(node, REGISTER));
for (const row of preloads) printRow(row);
if (options.write || (!options.sdk && !options.nodes && !options.sample)) {
  const { REGISTRY } = await import('../dist/instrumentations/registry.js');
  const page = sdkPage(rows, REGISTRY);
  const path = join(ROOT, PAGE);
  writeFileSync(path, options.sdk ? replaceSections(readFileSync(path, 'utf8'), page) : page);
  execFileSync(join(ROOT, 'node_modules/.bin/oxfmt'), [PAGE], { cwd: ROOT });
  console.log(`wrote ${PAGE}`);
}
printTally([...rows, ...preloads]);

/** One line an SDK version: on each Node what passed of its scenarios, as ESM and as CJS. */
function printSummary() {
  console.log('\nSDK × version × Node: scenarios passed as ESM / as CJS of those that there are');
  for (const alias of [...new Set(rows.map((row) => row.alias))].toSorted((a, b) => (a < b ? -1 : 1))) {
    const own = rows.filter((row) => row.alias === alias);
    const cells = nodes.map((node) => `Node ${node.version} ${cellOf(own, node)}`);
    console.log(`${`${alias} ${own[0].version}`.padEnd(24)}${cells.join('   ')}`);
  }
  console.log('\nskipped, with the reason:');
  for (const [reason, names] of byReason(rows.flatMap(({ skipped }) => skipped))) {
    console.log(`  ${names.length} × ${reason}`);
  }
}

function cellOf(own, node) {
  const counts = ['esm', 'cjs'].map((format) => {
    const row = own.find(
      (candidate) => candidate.node.version === node.version && candidate.format === format,
    );
    if (row === undefined) return 'not run';
    const total = row.passed.length + row.failed.length + row.skipped.length;
    return `${row.passed.length}/${total}`;
  });
  return counts.join(' ');
}
