/** FluxLoop's guide to its SDK: configuration, decorators, recording, streams, contexts by hand, a framework's decorators. */
import { agent, getCurrentContext, init, instrument, prompt, tool, trace } from 'spoor';

// #region configure
// The files go to ./traces, and the arguments of agents to recordings/args.jsonl.
const spoor = init({ storage: ['otlp', 'file'], recordArgs: true });
// #endregion

// #region quick-example
const chat = agent({ name: 'ChatAgent' }, (text: string): string => `You said: ${text}`);
chat('Hello!');
// #endregion

// #region recording
interface ComplexRequest {
  readonly id: number;
  readonly reply: (text: string) => void;
}

class Handler {
  @agent()
  handle(request: ComplexRequest): number {
    request.reply('done');
    return request.id;
  }
}
new Handler().handle({ id: 7, reply: (text) => console.log(text) });
// #endregion

// #region streaming
class Streams {
  @agent()
  async answer(text: string): Promise<string> {
    const words: string[] = [];
    for await (const word of this.stream([text])) words.push(word);
    return words.join(' ');
  }

  @prompt({ model: 'gpt-4o' })
  async *stream(messages: readonly string[]): AsyncGenerator<string> {
    for (const message of messages) yield* message.split(' ');
  }
}
console.log(await new Streams().answer('one word after the other'));
// #endregion

// #region by-hand
async function myTool(param: string): Promise<{ found: string }> {
  const context = getCurrentContext();
  const observation = context?.isEnabled()
    ? context.pushObservation({ type: 'TOOL', name: 'my_tool', input: { args: { param } } })
    : undefined;
  try {
    const result = { found: param.toUpperCase() };
    observation?.update({ output: result });
    return result;
  } finally {
    if (observation) context?.popObservation(observation);
  }
}
await instrument({ name: 'by hand', sessionId: 'chat-1', userId: 'u-1', tags: ['beta'] }, () => myTool('x'));
// #endregion

// #region framework
const registered = new Map<string, unknown>();

/** A decorator as frameworks have them. It goes outermost. */
function frameworkTool<F>(method: F, { name }: ClassMethodDecoratorContext): F {
  registered.set(String(name), method);
  return method;
}

class Tools {
  @frameworkTool
  @tool({ name: 'add' })
  async add(a: number, b: number): Promise<number> {
    return a + b;
  }
}
await new Tools().add(1, 2);
console.log([...registered.keys()]);
// #endregion

// #region types
instrument({ name: 'types' }, () => {
  for (const type of ['AGENT', 'SPAN', 'TOOL', 'GENERATION', 'RETRIEVAL', 'EMBEDDING', 'EVENT'] as const) {
    trace({ type, name: type.toLowerCase() }, () => type)();
  }
});
// #endregion

await spoor.flush();
