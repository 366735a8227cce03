import { trace, type Context, type Span } from '@opentelemetry/api';

/** The key by which the API finds the active span: it is not exported, but whoever sets a span is told. */
const SPAN_KEY: symbol = spanKey();

function spanKey(): symbol {
  let key: symbol | undefined;
  const probe: Context = {
    getValue: () => undefined,
    setValue: (given) => {
      key = given;
      return probe;
    },
    deleteValue: () => probe,
  };
  trace.setSpan(probe, trace.wrapSpanContext({ traceId: '', spanId: '', traceFlags: 0 }));
  return key ?? Symbol('unknown');
}

/**
 * What `trace.setSpan` returns, for the path of every call: one small object instead of a copied map and three functions, which
 * the garbage collector pays for twice.
 */
class ActiveSpanContext implements Context {
  private readonly base: Context;
  private readonly span: Span;

  constructor(parent: Context, span: Span) {
    // Never a chain: the span of the parent gives way to this one.
    this.base = parent instanceof ActiveSpanContext ? parent.base : parent;
    this.span = span;
  }

  getValue(key: symbol): unknown {
    return key === SPAN_KEY ? this.span : this.base.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return trace.setSpan(this.base, this.span).setValue(key, value);
  }

  deleteValue(key: symbol): Context {
    return trace.setSpan(this.base, this.span).deleteValue(key);
  }
}

/** The context with `span` active. */
export function contextWithSpan(parent: Context, span: Span): Context {
  return new ActiveSpanContext(parent, span);
}
