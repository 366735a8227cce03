// The contract suite on this Node: every scenario of every SDK, each version, as ESM and as CJS, bare and instrumented.
// Options: --sdk=openai6,openai7  --format=esm  --only=<part of a name>  --nodes=<path>,<path>  --no-build  --no-pack
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeNode, printRow, printTally, runContracts } from '../test/contracts/suite.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const { values: options } = parseArgs({
  options: {
    sdk: { type: 'string' },
    format: { type: 'string' },
    only: { type: 'string' },
    nodes: { type: 'string' },
    'no-build': { type: 'boolean' },
    'no-pack': { type: 'boolean' },
  },
});

if (!options['no-build']) {
  execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-b', 'src', 'instrumentations'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
}
const isChosen = (name, choice) => choice === undefined || choice.split(',').includes(name);
const rows = [];
await runContracts(
  {
    nodes: [process.execPath, ...(options.nodes?.split(',') ?? [])].map(describeNode),
    only: options.only,
    isPacked: options['no-pack'],
    wanted: ({ alias, format }) => isChosen(alias, options.sdk) && isChosen(format, options.format),
  },
  (row) => {
    rows.push(row);
    printRow(row);
  },
);
printTally(rows);
