/**
 * The floor: what somebody would write by hand around a call. One raw span with 12 attributes and the same content.
 */
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

/**
 * @param {{ provider: string, model: string, host: string, input: readonly { role: string, content: string }[] }} call
 * @param {() => Promise<{ id: string, model: string, reason: string, text: string, input: number, output: number }>} run
 */
export async function withRawSpan(call, run) {
  const span = trace.getTracer('by-hand').startSpan(`chat ${call.model}`, {
    kind: SpanKind.CLIENT,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': call.provider,
      'gen_ai.request.model': call.model,
      'gen_ai.request.temperature': 0,
      'gen_ai.request.max_tokens': 256,
      'server.address': call.host,
      'server.port': 443,
      'gen_ai.input.messages': JSON.stringify(
        call.input.map(({ role, content }) => ({ role, parts: [{ type: 'text', content }] })),
      ),
    },
  });
  try {
    const answer = await context.with(trace.setSpan(context.active(), span), run);
    span.setAttributes({
      'gen_ai.response.id': answer.id,
      'gen_ai.response.model': answer.model,
      'gen_ai.response.finish_reasons': [answer.reason],
      'gen_ai.usage.input_tokens': answer.input,
      'gen_ai.usage.output_tokens': answer.output,
      'gen_ai.output.messages': JSON.stringify([
        { role: 'assistant', parts: [{ type: 'text', content: answer.text }], finish_reason: answer.reason },
      ]),
    });
    return answer;
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
    throw error;
  } finally {
    span.end();
  }
}
