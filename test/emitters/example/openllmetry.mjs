/** Preloaded: OpenLLMetry, set up as its documentation says, in the place of spoor. */
import process from 'node:process';
import { forceFlush, initialize, withAssociationProperties, withTool } from '@traceloop/node-server-sdk';
import { resolveSpoor } from './resolve-spoor.mjs';

// The copy that the example loads, not the one beside this file.
const { default: OpenAI } = await import(process.env.EXAMPLE_OPENAI);
initialize({
  baseUrl: process.env.EXAMPLE_RECEIVER,
  apiKey: 'none',
  disableBatch: true,
  silenceInitializationMessage: true,
  traceloopSyncEnabled: false,
  instrumentModules: { openAI: OpenAI },
});
process.once('beforeExit', () => void forceFlush());
resolveSpoor(import.meta.url);

export function withSession({ userId }, work) {
  const properties = { session_id: process.env.EXAMPLE_SESSION, user_id: userId };
  return withAssociationProperties(properties, () => work({ update() {} }));
}

export function tool({ name }, run) {
  return (...given) => withTool({ name }, run, ...given);
}
