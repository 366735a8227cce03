/** How each library is set up by its own documentation, over the same OpenTelemetry provider. */
const { registerInstrumentations } = require('@opentelemetry/instrumentation');

/** Each returns what makes a traced client of a plain one; most patch the package and give it back as it is. */
const SETUPS = {
  bare: () => same,
  floor: () => same,
  spoor: async () => {
    const { spoorInstrumentations } = await import('../../../dist/instrumentations/index.js');
    const { applyOptions } = await import('../../../dist/src/config/settings.js');
    applyOptions({ captureContent: true });
    register(spoorInstrumentations());
    return same;
  },
  contrib: () => {
    const { OpenAIInstrumentation } = require('@opentelemetry/instrumentation-openai');
    register([new OpenAIInstrumentation({ captureMessageContent: true })]);
    return same;
  },
  OpenLLMetry: () => {
    const { OpenAIInstrumentation } = require('@traceloop/instrumentation-openai');
    register([new OpenAIInstrumentation()]);
    return same;
  },
  OpenInference: () => {
    const { OpenAIInstrumentation } = require('@arizeai/openinference-instrumentation-openai');
    register([new OpenAIInstrumentation()]);
    return same;
  },
  'Langfuse wrapper': () => {
    const { observeOpenAI } = require('@langfuse/openai');
    return (client) => observeOpenAI(client);
  },
};

const same = (client) => client;

function register(instrumentations) {
  registerInstrumentations({ instrumentations });
}

module.exports = { SETUPS };
