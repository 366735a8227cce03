/** One emitter: what it sends is read, written in every dialect that can be written, and read again. */
import { lacks } from './expectations.js';
import { judgeCall } from './judge.js';
import { readingOf, withTheirLogs } from './read-call.js';
import { CALLS } from './truth.js';

/** An attribute that no dialect knows: it must be kept, whatever is read. */
const STRANGE = 'parcel.shelf';
/** The conventions have no operation for these: in their words they are plain spans. */
const PLAIN_TYPES = ['SPAN', 'EVENT', 'EVALUATION'];

/** `calls` has the spans and log records of each call. Gives a check for each call, and for each that was written. */
export function checkEmitter(expectation, calls, kit) {
  const checks = [];
  const asked = CALLS.filter((call) => !lacks(expectation, call, 'call') && calls[call] !== undefined);
  for (const call of asked) {
    const spans = withTheirLogs(calls[call], kit);
    const fields = judgeCall(expectation, call, readingOf(spans, kit));
    fields['the rest'] = faultsOfRest(spans, kit);
    checks.push({ call, fields });
    for (const target of kit.targets) {
      if (expectation.dialect === target) continue;
      const written = spans.map((span) => kit.rewriteSpan(span, kit.writableDialect(target)));
      const { reads = {} } = expectation;
      const wanted = { ...expectation, ...reads[target], dialect: target, plainTypes: PLAIN_TYPES };
      checks.push({ call, target, fields: judgeCall(wanted, call, readingOf(written, kit)) });
    }
  }
  return checks;
}

function faultsOfRest(spans, { translateSpan }) {
  return spans.flatMap((span) => {
    const { facts } = translateSpan({ ...span, attributes: { ...span.attributes, [STRANGE]: 'A4' } });
    const kept = facts.concept === 'observation' ? facts.observation.attributes?.[STRANGE] : undefined;
    return kept === 'A4' ? [] : [`${span.name}: an attribute that nobody knows was not kept`];
  });
}

/** Spans of calls, tools and embeddings with what we read of each, in another dialect than their own. */
export function writtenSpans(calls, target, kit) {
  return Object.values(calls)
    .flatMap((call) => withTheirLogs(call, kit))
    .flatMap((span) => {
      const { facts } = kit.translateSpan(span);
      const written = kit.rewriteSpan(span, kit.writableDialect(target));
      return facts.concept === 'observation' && written !== span
        ? [{ facts: facts.observation, span: written }]
        : [];
    });
}
