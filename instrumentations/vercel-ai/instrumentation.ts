import type { CustomSdk } from '../../src/instrument/call-mapper.js';
import { fieldsOf } from '../../src/instrument/read.js';
import { CHANNEL, channelWatcher } from './channel.js';
import { patchAgents, replaceExports } from './functions.js';

/** Majors 5 and 6 are traced by their functions and agents, major 7 by its channel. */
export const definition: CustomSdk = {
  patchModule(moduleExports) {
    const isKnown = typeof fieldsOf(moduleExports)['stepCountIs'] === 'function';
    return isKnown ? [...patchAgents(fieldsOf(moduleExports)), () => {}] : [];
  },
  replaceExports: (moduleExports) => replaceExports(moduleExports),
  watch: (channel) => (channel === CHANNEL ? channelWatcher : { begin: () => undefined, end: () => {} }),
};
