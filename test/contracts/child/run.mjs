import { writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, shape } from './describe.mjs';

/**
 * Runs scenarios of one SDK in this process, one after the other, and writes what the program saw of each to
 * `CONTRACT_RESULT`. `loadOtherCopy` loads the SDK through the other module system, `load` another package of the program.
 * Under the instrumented run `globalThis.contractSpans` holds the spans that ended.
 */
export async function run(sdk, adapterUrl, loadOtherCopy, load) {
  const { scenarios, makeClient } = await import(adapterUrl);
  const names = JSON.parse(process.env.CONTRACT_SCENARIOS);
  const results = {};
  const isIsolated = process.env.CONTRACT_ISOLATED === '1';
  let log = [];
  if (!isIsolated)
    process.on('unhandledRejection', (reason) => log.push(['unhandledRejection', describe(reason)]));
  process.on('exit', (code) => {
    if (isIsolated && results[names[0]] === undefined) results[names[0]] = { log };
    for (const name of names) if (results[name] !== undefined) results[name].exitCode = code;
    writeFileSync(process.env.CONTRACT_RESULT, JSON.stringify(report(results, names)));
  });

  for (const name of names) {
    log = [];
    const events = log;
    const baseURL = (plan) =>
      `${process.env.CONTRACT_URL}/run/${process.env.CONTRACT_RUN}/${encodeURIComponent(name)}/${plan}`;
    const note = (what, value) => events.push(value === undefined ? [what] : [what, describe(value)]);
    const tools = {
      sdk,
      // The copy of the other module system: the same version, other classes.
      loadOtherCopy,
      load,
      makeClient: (plan, options) => makeClient(sdk, baseURL(plan), options, load),
      baseURL,
      log: note,
      shape: (what, value) => events.push([what, shape(value)]),
      awaitEvent: (event) => awaitEvent(name, event),
      delay,
      attempt: (what, work) => attempt(note, what, work),
    };
    const from = globalThis.contractSpans?.length ?? 0;
    results[name] = { log, from };
    try {
      await scenarios[name].run(tools);
    } catch (error) {
      note('scenario threw', error);
    }
    await scenarios[name].afterRun?.(tools);
    // Two turns of the loop: late rejections and span ends belong to the scenario that made them.
    for (let turn = 0; turn < 2; turn += 1) await new Promise(setImmediate);
    globalThis.contractEndOpen?.();
    results[name].to = globalThis.contractSpans?.length ?? 0;
    results[name].points = await globalThis.contractPoints?.();
  }
  // Some scenarios leave a connection open on purpose.
  process.exit(0);
}

function report(results, names) {
  const spans = spansByScenario(results, names);
  return { results, spans, started: globalThis.contractStarted ?? 0, diag: globalThis.contractDiag ?? [] };
}

function spansByScenario(results, names) {
  const all = (globalThis.contractSpans ?? []).map(globalThis.contractDescribeSpan ?? ((span) => span));
  return Object.fromEntries(
    names.map((name) => [name, all.slice(results[name]?.from ?? 0, results[name]?.to ?? all.length)]),
  );
}

async function attempt(note, what, work) {
  try {
    const value = await work();
    note(`${what} resolved`, value);
    return value;
  } catch (error) {
    note(`${what} rejected`, error);
    return undefined;
  }
}

function awaitEvent(scenario, event) {
  const url = `${process.env.CONTRACT_URL}/await/${process.env.CONTRACT_RUN}/${encodeURIComponent(scenario)}/${encodeURIComponent(event)}`;
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      let body = '';
      response.on('data', (piece) => (body += piece));
      response.on('end', () => resolve(JSON.parse(body)));
    }).on('error', reject);
  });
}
