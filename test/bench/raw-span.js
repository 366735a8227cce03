/**
 * The floor: what a careful engineer would write by hand around a call of one SDK. One raw span with the attributes that ours
 * has, made of the request and the answer; active during the call; ended when the call succeeds and when it fails.
 */
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

const textMessage = (role, content) => ({ role, parts: [{ type: 'text', content }] });

/** @param {(body: object) => Promise<object>} create @param {object} body */
export function tracedOpenAi(create, body) {
  return withRawSpan({
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': body.model,
      'gen_ai.request.temperature': body.temperature,
      'gen_ai.request.max_tokens': body.max_tokens,
      'server.address': 'api.openai.com',
      'server.port': 443,
      'openai.api.type': 'chat_completions',
      'gen_ai.input.messages': JSON.stringify(
        body.messages.map(({ role, content }) => textMessage(role, content)),
      ),
    },
    name: `chat ${body.model}`,
    call: () => create(body),
    read: (answer) => ({
      'gen_ai.response.id': answer.id,
      'gen_ai.response.model': answer.model,
      'gen_ai.response.finish_reasons': answer.choices.map((choice) => choice.finish_reason),
      'gen_ai.usage.input_tokens': answer.usage.prompt_tokens,
      'gen_ai.usage.output_tokens': answer.usage.completion_tokens,
      'gen_ai.output.messages': JSON.stringify(
        answer.choices.map(({ message, finish_reason }) => ({
          ...textMessage(message.role, message.content),
          finish_reason,
        })),
      ),
    }),
  });
}

/** @param {(body: object) => Promise<object>} create @param {object} body */
export function tracedAnthropic(create, body) {
  return withRawSpan({
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.model': body.model,
      'gen_ai.request.temperature': body.temperature,
      'gen_ai.request.max_tokens': body.max_tokens,
      'server.address': 'api.anthropic.com',
      'server.port': 443,
      'gen_ai.input.messages': JSON.stringify(
        body.messages.map(({ role, content }) => textMessage(role, content)),
      ),
    },
    name: `chat ${body.model}`,
    call: () => create(body),
    read(answer) {
      const reason = answer.stop_reason === 'end_turn' ? 'stop' : answer.stop_reason;
      return {
        'gen_ai.response.id': answer.id,
        'gen_ai.response.model': answer.model,
        'gen_ai.response.finish_reasons': [reason],
        'gen_ai.usage.input_tokens': answer.usage.input_tokens,
        'gen_ai.usage.output_tokens': answer.usage.output_tokens,
        'anthropic.message.stop_reason': answer.stop_reason,
        'gen_ai.output.messages': JSON.stringify([
          {
            role: answer.role,
            parts: answer.content.map(({ text }) => ({ type: 'text', content: text })),
            finish_reason: reason,
          },
        ]),
      };
    },
  });
}

async function withRawSpan({ name, attributes, call, read }) {
  const span = trace.getTracer('by-hand').startSpan(name, { kind: SpanKind.CLIENT, attributes });
  try {
    const answer = await context.with(trace.setSpan(context.active(), span), call);
    span.setAttributes({ ...read(answer), 'spoor.outcome': 'completed' });
    return answer;
  } catch (error) {
    span.setAttributes({ 'error.type': error.name, 'spoor.outcome': 'failed' });
    span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
    throw error;
  } finally {
    span.end();
  }
}
