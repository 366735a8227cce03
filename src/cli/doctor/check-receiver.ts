import { SpoorClient } from '../../client/spoor-client.js';
import type { OtlpTarget } from '../../config/targets.js';
import { sendProbe } from '../../sdk/probe-span.js';
import { formatDuration } from '../format.js';
import type { Check, CheckGroup } from './check.js';

const SKEW_MS = 5000;
const READ_BACK_MS = 5000;

/** Whether a receiver answers, takes a span, and shows it again; and whether its clock agrees. */
export async function checkReceiver(target: OtlpTarget, stop: AbortSignal): Promise<CheckGroup> {
  const title = `Receiver (${target.url})`;
  const started = performance.now();
  const { sent, traceId } = await sendProbe(target, AbortSignal.any([stop, AbortSignal.timeout(10_000)]));
  if (sent.outcome !== 'delivered') {
    return { title, checks: [{ name: 'probe', status: 'trouble', ...refusalOf(sent.reason, target) }] };
  }
  const took = formatDuration(performance.now() - started);
  return {
    title,
    checks: [
      { name: 'probe', status: 'ok', text: `a span was taken in ${took}` },
      ...(await checkTranslator(target, traceId, stop)),
      await checkClock(target),
    ],
  };
}

function refusalOf(reason: string, target: OtlpTarget): Pick<Check, 'text' | 'remedy'> {
  if (/HTTP 40[13]/.test(reason)) {
    return {
      text: `the span was refused: ${reason}`,
      remedy: 'Set the key: SPOOR_API_KEY or OTEL_EXPORTER_OTLP_HEADERS.',
    };
  }
  if (/HTTP 4/.test(reason)) {
    return {
      text: `the span was refused: ${reason}`,
      remedy: 'Check that the address is an OTLP/HTTP receiver and that it takes this protocol.',
    };
  }
  return {
    text: `not reachable: ${reason}`,
    remedy: `Start the receiver (\`npx spoor serve\`), or point OTEL_EXPORTER_OTLP_ENDPOINT at the one that runs; ${target.url} does not answer.`,
  };
}

/** Only a translator can be asked for the span again: OTLP itself has no way to read. */
async function checkTranslator(target: OtlpTarget, traceId: string, stop: AbortSignal): Promise<Check[]> {
  const client = new SpoorClient({ baseUrl: new URL(target.url).origin, retries: 0, timeoutMs: 2000 });
  try {
    const health = await client.health({ signal: stop }).catch(() => undefined);
    // Anything may answer 200: a translator tells its version.
    if (typeof health?.version !== 'string') {
      return [{ name: 'read back', status: 'note', text: 'not a translator: OTLP has no way to read back' }];
    }
    const until = performance.now() + READ_BACK_MS;
    while (performance.now() < until && !stop.aborted) {
      if ((await client.traces.spans(traceId, { signal: stop })) !== undefined) {
        return [{ name: 'read back', status: 'ok', text: `a translator, version ${health.version}` }];
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return [
      {
        name: 'read back',
        status: 'trouble',
        text: `the translator took the span and does not show it (trace ${traceId})`,
        remedy: 'Look at the output of `spoor serve`.',
      },
    ];
  } catch (error) {
    return [{ name: 'read back', status: 'trouble', text: String(error) }];
  } finally {
    client.close();
  }
}

/** Compares clocks by the header `date`, which has whole seconds. */
async function checkClock(target: OtlpTarget): Promise<Check> {
  const answer = await fetch(new URL(target.url).origin, {
    method: 'HEAD',
    signal: AbortSignal.timeout(5000),
  }).catch(() => undefined);
  const date = Date.parse(answer?.headers.get('date') ?? '');
  if (Number.isNaN(date)) return { name: 'clock', status: 'note', text: 'the receiver tells no time' };
  const skew = Date.now() - date;
  if (Math.abs(skew) < SKEW_MS)
    return { name: 'clock', status: 'ok', text: 'agrees to within a few seconds' };
  return {
    name: 'clock',
    status: 'trouble',
    text: `this machine is ${formatDuration(Math.abs(skew))} ${skew > 0 ? 'ahead of' : 'behind'} the receiver`,
    remedy: 'Synchronise the clocks: spans of several machines come out in the wrong order.',
  };
}
