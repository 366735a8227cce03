/**
 * Prints what knip found as plain lines, and how many files it looked at: a run that looked at none fails.
 *
 * @param {import('knip').ReporterOptions} options
 */
const report = ({ issues, counters }) => {
  let found = 0;
  for (const [kind, byFile] of Object.entries(issues)) {
    if (typeof byFile !== 'object' || byFile instanceof Set) continue;
    for (const [file, bySymbol] of Object.entries(byFile)) {
      for (const symbol of Object.keys(bySymbol)) {
        found += 1;
        console.log(`${kind}: ${symbol} (${file})`);
      }
    }
  }
  console.log(`knip: ${counters.processed} files looked at, ${found} complaints`);
  if (!(counters.processed > 0)) process.exitCode = 1;
};

export default report;
