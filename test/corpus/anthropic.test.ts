import * as sdk from '@anthropic-ai/sdk';
import { definition } from '../../instrumentations/anthropic/instrumentation.js';
import { describeCorpus } from './suite.js';

describeCorpus({
  name: 'anthropic',
  module: sdk,
  definition,
  providers: [{ provider: 'anthropic', wanted: () => true }],
  clientFor: (_recording, origin) => new sdk.Anthropic({ baseURL: origin, apiKey: 'none', logLevel: 'off' }),
});
