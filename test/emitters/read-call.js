/** What the translator makes of what an emitter sent for one call. */

/** Spans as the store reads them: with the events that were logged within each. */
export function withTheirLogs({ spans, logs }, { withLogs }) {
  return spans.map((span) => {
    const own = logs.filter(({ traceId, spanId }) => traceId === span.traceId && spanId === span.spanId);
    return withLogs(
      span,
      own.toSorted((a, b) =>
        a.timeUnixNano < b.timeUnixNano ? -1 : Number(a.timeUnixNano > b.timeUnixNano),
      ),
    );
  });
}

/** A call without a session of its own may have one for each trace. */
export function readingOf(spans, { foldSessions, translateSpan }) {
  const folded = foldSessions(spans.map((span) => translateSpan(span)));
  const observations = folded.flatMap((one) => one.observations).toSorted((a, b) => a.startMs - b.startMs);
  const usage = {};
  for (const { session } of folded) {
    for (const [bucket, tokens] of Object.entries(session.usage))
      usage[bucket] = (usage[bucket] ?? 0) + tokens;
  }
  return { observations, session: { ...folded[0]?.session, usage } };
}
