import { isDeepStrictEqual, inspect } from 'node:util';
import { judgeMetrics } from './judge-metrics.js';
import { judgeStart } from './judge-start.js';

/**
 * Compares what a bare and an instrumented run saw, the spans with those of the table, and the metrics with the spans. `late`
 * names the attributes that the SDK says too late for a sampler, each with the reason.
 * @returns the reasons why the scenario failed; none when it passed.
 */
export function judge(scenario, bare, instrumented, late = {}) {
  const reasons = [];
  for (const what of ['log', 'exitCode', 'stderr', 'provider']) {
    const [expected, actual] = [bare[what], instrumented[what]].map((value) => comparable(value, scenario));
    if (!isDeepStrictEqual(actual, expected)) {
      reasons.push(`the program sees another ${what}: ${difference(expected, actual)}`);
    }
  }
  if (bare.log.some(([what]) => what === 'scenario threw')) {
    reasons.push(`the scenario itself fails: ${inspect(bare.log.at(-1), { depth: 6 })}`);
  }
  if (bare.spans.length > 0) reasons.push('the bare run has spans');
  if (instrumented.diag.length > 0) reasons.push(`diagnostics: ${instrumented.diag.join('; ')}`);
  return [
    ...reasons,
    ...judgeSpans(scenario, instrumented),
    ...judgeStart(instrumented.spans, late),
    ...judgeMetrics(instrumented.spans, instrumented.points),
  ];
}

function judgeSpans(scenario, { spans, started }) {
  const actual = spans.map(normalSpan);
  if (typeof scenario.spans === 'string') {
    const outcome = scenario.spans.replace('one ', '');
    const outcomes = actual.map(({ attributes }) => attributes['spoor.outcome']);
    return isDeepStrictEqual(outcomes, [outcome])
      ? []
      : [`spans: expected one ${outcome}, got ${inspect(outcomes)}`];
  }
  const reasons = [];
  if (started !== undefined && started !== spans.length)
    reasons.push(`${started} spans started, ${spans.length} ended`);
  const expected = scenario.spans.map((span) => normalSpan(structuredClone(span)));
  const [left, right] = scenario.isUnordered ? [sorted(expected), sorted(actual)] : [expected, actual];
  right.forEach((span, index) => ignoreAny(left[index], span));
  if (!isDeepStrictEqual(right, left)) reasons.push(`spans: ${difference(left, right)}`);
  return reasons;
}

const sorted = (list) => list.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/** Content is compared as JSON; what differs from run to run is replaced by its name. */
function normalSpan({ measured: _measured, ...span }) {
  const attributes = {};
  for (const [key, value] of Object.entries(span.attributes).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    attributes[key] = typeof value === 'string' && /^[[{]/.test(value) ? JSON.parse(value) : value;
  }
  if (typeof attributes['server.port'] === 'number') attributes['server.port'] = 'PORT';
  if (typeof attributes['gen_ai.response.time_to_first_chunk'] === 'number') {
    attributes['gen_ai.response.time_to_first_chunk'] = 'SECONDS';
  }
  const text = JSON.stringify(attributes)
    .replaceAll(/"sha256":"[0-9a-f]{64}"/g, '"sha256":"HASH"')
    .replaceAll(/"http:\/\/127\.0\.0\.1:\d+[^"]*"/g, '"URL"')
    .replaceAll(/"\/run\/spoor-[^"]*"/g, '"PATH"')
    .replaceAll(/127\.0\.0\.1:\d+/g, 'HOST');
  return { ...span, attributes: JSON.parse(text) };
}

/** `ANY` in the table stands for a text that the SDK's version or Node chooses. */
function ignoreAny(expected, actual) {
  if (expected?.status?.message === 'ANY' && typeof actual.status.message === 'string')
    actual.status.message = 'ANY';
  if (expected?.attributes['error.type'] === 'ANY' && typeof actual.attributes['error.type'] === 'string') {
    actual.attributes['error.type'] = 'ANY';
  }
}

function comparable(value, scenario) {
  const text = JSON.stringify(value ?? null)
    .replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')
    .replaceAll(/run\/(bare|spoor)[^/"]*/g, 'RUN')
    .replaceAll(/\b(bare|spoor)-\d+/g, 'RUN');
  if (scenario.isBodyLarge) return text.length;
  const plain = JSON.parse(text);
  return scenario.isUnordered && Array.isArray(plain) ? sorted(plain) : plain;
}

function difference(expected, actual) {
  if (!Array.isArray(expected) || !Array.isArray(actual)) {
    return `expected ${show(expected)}, got ${show(actual)}`;
  }
  const index = Math.max(
    expected.findIndex((item, at) => !isDeepStrictEqual(item, actual[at])),
    expected.length < actual.length && isDeepStrictEqual(expected, actual.slice(0, expected.length))
      ? expected.length
      : 0,
  );
  const [left, right] = [expected[index], actual[index]];
  if (left?.attributes !== undefined && right?.attributes !== undefined) {
    const keys = new Set([...Object.keys(left.attributes), ...Object.keys(right.attributes)]);
    const wrong = [...keys].filter((key) => !isDeepStrictEqual(left.attributes[key], right.attributes[key]));
    if (wrong.length > 0) {
      return wrong
        .map((key) => `${key}: expected ${show(left.attributes[key])}, got ${show(right.attributes[key])}`)
        .join('; ');
    }
  }
  return `at ${index} of ${expected.length}/${actual.length}: expected ${show(left)}, got ${show(right)}`;
}

const show = (value) => inspect(value, { depth: 8, breakLength: Infinity, maxStringLength: 300 });
