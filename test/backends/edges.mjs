// What the example agent does not have: every kind of span, status and value, events, links, a remote parent, late facts.
import { context, createTraceState, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { createEvent, createStep, score, withSession } from 'spoor';

const tracer = trace.getTracer('edges', '1.2.3');
// Spans without a name of the conventions would stay in the program.
const attributes = { 'gen_ai.operation.name': 'invoke_agent' };

await withSession({ name: 'edges', tags: ['a', 'ü'], userId: 'u' }, async ({ id }) => {
  const step = createStep({ name: 'late', state: 'begun' });
  createEvent({ description: 'a line\nand "another"', result: '' }).end();
  step.end();
  step.update({ evalScore: 0.5, evalDescription: 'told after its end' });
  score({ name: 'quality', value: 0.75, explanation: 'good – mostly', session: id });
});

const remote = trace.setSpanContext(ROOT_CONTEXT, {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: 1,
  isRemote: true,
  traceState: createTraceState('vendor=one,other=2'),
});
const root = tracer.startSpan('kinds', { attributes, kind: SpanKind.SERVER }, remote);
const below = trace.setSpan(remote, root);
for (const kind of [SpanKind.INTERNAL, SpanKind.CLIENT, SpanKind.PRODUCER, SpanKind.CONSUMER]) {
  tracer.startSpan(`kind ${SpanKind[kind]}`, { attributes, kind }, below).end();
}
root.setStatus({ code: SpanStatusCode.OK }).end();

const values = tracer.startSpan('values', { attributes }, below);
values.setAttributes({
  'app.empty': '',
  'app.text': 'tab\t, quote ", backslash \\, ünïcödé, 日本語, 👩‍🚀',
  'app.long': 'x'.repeat(50_000),
  'app.yes': true,
  'app.no': false,
  'app.zero': 0,
  'app.negative': -42,
  'app.large': Number.MAX_SAFE_INTEGER,
  'app.half': 0.5,
  'app.tiny': 5e-324,
  'app.none': [],
  'app.strings': ['one', '', 'drei'],
  'app.integers': [1, -2, 3],
  'app.doubles': [0.1, 0.2],
  'app.flags': [true, false],
  'app.json': JSON.stringify({ list: [1, { deep: null }] }),
  'app.pair': 'one key',
  'app.pair.part': 'that begins another',
  'app.list.0': 'a number in a key',
  'app.list.1': 'and the next',
  'app key with spaces/and more': 'as it is',
  __proto__x: 'not a prototype',
});
values.end();

const events = tracer.startSpan('events', { attributes }, below);
events.addEvent('plain');
events.addEvent('with attributes', { text: 'ü', count: 3, ratio: 0.25, yes: true, list: ['a', 'b'] });
events.recordException(new RangeError('out of range'));
events.setStatus({ code: SpanStatusCode.ERROR, message: 'it failed: ü' }).end();

tracer
  .startSpan(
    'links',
    {
      attributes,
      links: [
        { context: root.spanContext() },
        { context: values.spanContext(), attributes: { reason: 'see there', weight: 0.5, tags: ['x'] } },
        { context: trace.getSpanContext(remote) },
      ],
    },
    context.active(),
  )
  .end();
