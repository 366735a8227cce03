#!/usr/bin/env node
// Nothing else may be imported here: an older Node would fail on it before it could say why.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`spoor needs Node 20.19 or newer; this is Node ${process.versions.node}.\n`);
  process.exitCode = 1;
} else {
  void import('./run-process.js').then(({ runProcess }) => runProcess());
}
