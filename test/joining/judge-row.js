import { isDeepStrictEqual } from 'node:util';

/** Scopes of the spans that spoor makes. */
const OWN = /^spoor($|\/)/;

/**
 * What is wrong with a run beside spoor, as sentences.
 *
 * @param {import('./rows.js').Row} row
 */
export function judgeRow(row, bare, run) {
  const faults = [];
  const same = (what, left, right) => {
    if (!isDeepStrictEqual(left, right))
      faults.push(`${what}: expected ${JSON.stringify(left)}, got ${JSON.stringify(right)}`);
  };
  same('exit', [bare.exitCode, bare.signal], [run.exitCode, run.signal]);
  same('stdout', bare.stdout, run.stdout);
  same('stderr', plain(bare.stderr), plain(run.stderr));
  same('requests to the model', bare.requests.map(comparable), run.requests.map(comparable));
  same("the app's own spans", row.own ?? describe(bare.appSpans), describe(run.appSpans, isForeign));
  same("the app's pipeline", row.pipeline.toSorted(), describe(run.appSpans));
  same("spoor's target", row.target.toSorted(), describe(run.spoorSpans));
  same("Sentry's items", describeSentry(bare.sentry), describeSentry(run.sentry));
  const stamps = new Set(run.appSpans.concat(run.spoorSpans).filter(isOwn).map(sessionOf));
  same('sessions on our spans', row.sessions ?? 1, stamps.size);
  if (stamps.has(undefined)) faults.push('a span of ours has no session');
  if (row.sessionId !== undefined) same('session', [row.sessionId], [...stamps]);
  if (row.pipeline.length > 0 && row.traces !== undefined)
    same('traces', row.traces, new Set(run.appSpans.map(({ traceId }) => traceId)).size);
  return faults;
}

/** Spans as `name < parent`. Spans that `keep` leaves out are looked through: their children hang under their parents. */
export function describe(spans, keep = () => true) {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const parentOf = (span) => {
    const parent = byId.get(span.parentSpanId);
    return parent === undefined || keep(parent) ? parent : parentOf(parent);
  };
  return spans
    .filter(keep)
    .map((span) => {
      const parent = parentOf(span);
      if (parent !== undefined) return `${nameOf(span)} < ${nameOf(parent)}`;
      return span.parentSpanId ? `${nameOf(span)} < ?` : nameOf(span);
    })
    .toSorted();
}

function nameOf(span) {
  return isOwn(span) ? `${span.name}*` : span.name;
}

function isOwn(span) {
  return OWN.test(span.scope.name);
}

function isForeign(span) {
  return !isOwn(span);
}

function sessionOf(span) {
  return span.attributes['session.id'];
}

/** Without what differs between two runs of one program. */
function plain(text) {
  return text.replaceAll(/\(node:\d+\)/g, '(node)').replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1');
}

/** What is sent to the model, without what names the run. */
function comparable({ path, headers }) {
  const { host: _, ...rest } = headers;
  for (const name of ['traceparent', 'sentry-trace', 'baggage']) {
    if (rest[name] !== undefined) rest[name] = rest[name].replaceAll(/[0-9a-f]{16,}|0\.\d+/g, '…');
  }
  return { path, headers: rest };
}

/** Kinds of items, and of a transaction the spans in it. */
function describeSentry(items) {
  return items
    .filter(({ type }) => type !== 'session' && type !== 'sessions' && type !== 'client_report')
    .map(({ type, payload }) => `${type} ${payload.transaction} ${spanNames(payload.spans).join(', ')}`)
    .toSorted(byText);
}

function spanNames(spans = []) {
  return spans.map(({ op, description }) => `${op} ${description?.replaceAll(/:\d+/g, '')}`).toSorted(byText);
}

function byText(left, right) {
  return left < right ? -1 : 1;
}
