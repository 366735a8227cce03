import { fullQueue, fullStore } from './full-disk.js';
import { runKills } from './kills.js';
import { largeStore } from './large-store.js';

/**
 * What is tried. Each resolves to what was looked at, with a figure for the reader, or says why it was skipped.
 *
 * @type {readonly { name: string, run: (setting: object) => Promise<object> }[]}
 */
export const CASES = [
  { name: 'SIGKILL under load', run: killed },
  { name: 'a full disk', run: fullStore },
  { name: 'a full disk under the queue of a target', run: fullQueue },
  { name: 'a store beyond its cap', run: largeStore },
];

async function killed(setting) {
  const outcome = await runKills(setting);
  const { kinds, lost, broken, checks, forward, projections, end } = outcome;
  const { traces, logs, blobs } = kinds;
  return {
    checks: [
      {
        what: 'kills at random moments',
        figure: `${outcome.kills}, ${outcome.whileStarting} of them while it started (seed ${setting.seed})`,
        isRight: outcome.kills >= setting.kills,
      },
      {
        what: 'acknowledged and lost',
        figure: `${lost.length} of ${traces.requests + logs.requests + blobs.requests} requests: ${traces.records} spans, ${logs.records} log records, ${blobs.records} images${lost.length > 0 ? ` (${lost.slice(0, 5).join('; ')})` : ''}`,
        isRight:
          lost.length === 0 && Math.min(traces.requests, logs.requests, blobs.requests) > setting.kills,
      },
      {
        what: 'answers other than success',
        figure: [...outcome.statuses]
          .filter(([status]) => status !== 200 && status !== 201)
          .map(([status, times]) => `${times} × ${status === 0 ? 'none' : status}`)
          .join(', '),
        isRight: [...outcome.statuses.keys()].every((status) => [0, 200, 201].includes(status)),
      },
      {
        what: 'the file is whole',
        figure: `${checks - broken.length} of ${checks} checks${broken.slice(0, 1).join('')}`,
        isRight: broken.length === 0 && checks >= setting.kills,
      },
      {
        what: 'sessions made anew from the spans are the same',
        figure: projections.fault ?? `${projections.sessions} sessions`,
        isRight: projections.fault === undefined && projections.sessions > 0,
      },
      {
        what: 'forwarded spans',
        figure: forwarded(traces),
        isRight: traces.forwarded === traces.records && forward.droppedSpans === 0,
      },
      {
        what: 'forwarded log records',
        figure: forwarded(logs),
        isRight: logs.forwarded === logs.records && forward.droppedLogs === 0,
      },
      {
        what: 'it ends by SIGTERM at the end',
        figure: `exit code ${end.code}`,
        isRight: end.code === 0,
      },
    ],
  };
}

function forwarded({ records, forwarded: arrived, twice }) {
  return `${arrived} of ${records} arrived, ${twice} of them more than once`;
}
