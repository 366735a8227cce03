/**
 * How fast a protobuf request is decoded, beside `protobufjs` and `@bufbuild/protobuf` on the same bytes, in turns. Theirs are
 * messages as the definitions have them; ours are span records, with ids in hex and attributes as maps. Run as a process of
 * its own, which prints its rows as JSON. Installs protobufjs below `test/bench/decoders`.
 */
import { execFileSync } from 'node:child_process';
import { createRequire, registerHooks } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { toBinary, create, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { decodeTraceRequest } from '../../dist/src/otlp/decode.js';
import { encodeTraceRequestProtobuf } from '../../dist/src/otlp/encode-protobuf.js';
import { interleave, median } from './interleave.js';
import { otlpBody } from './otlp-body.js';

const quick = process.argv.includes('--quick');
const SPANS = 300;
const FOLDER = path.join(import.meta.dirname, 'decoders');

execFileSync('npm', ['ci', '--prefix', FOLDER, '--silent', '--ignore-scripts'], { stdio: 'ignore' });
// The definitions are TypeScript that names its neighbours by what they would be compiled to.
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier.endsWith('.gen.js') ? specifier.replace(/js$/, 'ts') : specifier, context),
});
const {
  ExportTraceServiceRequestSchema,
  file_opentelemetry_proto_collector_trace_v1_trace_service: service,
} = await import('../independent-collector/proto/trace-service.gen.ts');

function withDependencies(file) {
  return [...file.dependencies.flatMap(withDependencies), file.proto];
}

/** protobufjs with the same definitions. */
function loadProtobufjs() {
  const load = createRequire(path.join(FOLDER, 'package.json'));
  const protobuf = load('protobufjs');
  load('protobufjs/ext/descriptor');
  const files = [...new Set(withDependencies(service))];
  const set = toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: files }));
  const root = protobuf.Root.fromDescriptor(set).resolveAll();
  return root.lookupType('opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest');
}

const body = encodeTraceRequestProtobuf(decodeTraceRequest(otlpBody(1, SPANS), 'json').spans);
const Request = loadProtobufjs();
const spansOf = ({
  resourceSpans: [
    {
      scopeSpans: [{ spans }],
    },
  ],
}) => spans;
const variants = {
  spoor: () => decodeTraceRequest(body, 'protobuf').spans,
  protobufjs: () => spansOf(Request.decode(body)),
  bufbuild: () => spansOf(fromBinary(ExportTraceServiceRequestSchema, body)),
};
for (const [name, decode] of Object.entries(variants)) {
  const spans = decode();
  if (spans.length !== SPANS || spans.at(-1).attributes === undefined) throw new Error(`${name} lost spans.`);
}
const times = await interleave(
  Object.fromEntries(Object.entries(variants).map(([name, run]) => [name, { run }])),
  { rounds: quick ? 5 : 21, runs: 100, warmup: 30, thread: true },
);
const perSecond = (name) => (SPANS * 1e6) / median(times[name]);
console.log(
  JSON.stringify(
    ['protobufjs', 'bufbuild'].map((name) => ({
      name: `decode protobuf, floor: ${name === 'bufbuild' ? '@bufbuild/protobuf' : name}`,
      unit: 'spans/s',
      floor: perSecond(name),
      spoor: perSecond('spoor'),
    })),
  ),
);
