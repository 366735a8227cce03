import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { currentInstallation } from '../instrumentations/install.js';
import { resolvedSettings } from './config/settings.js';
import type * as ProcessEndNamespace from './sdk/process-end.js';
import type { RunReport } from './sdk/run-report.js';
import type { DeliveryCounts } from './sdk/span-delivery.js';
import { hasStarted } from './sdk/started.js';
import { reportedMessages } from './tracing/diag.js';
import { actualProvider, isJoined, registeredProvider } from './tracing/provider.js';

const requireHere = createRequire(import.meta.url);

/** Writes the report into the folder when the process ends. Never throws. */
export function reportAtExit(folder: string): void {
  process.on('exit', () => {
    try {
      // Loads the SDK side, which a program without a span never did: asked for by the doctor only.
      const end = requireHere('./sdk/process-end.js') as typeof ProcessEndNamespace;
      end.afterProcessEnd(() => writeReport(folder, end.deliveryCounts()));
    } catch {
      // The doctor says that it got no report.
    }
  });
}

function writeReport(folder: string, counts: DeliveryCounts): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${process.pid}-${threadId}.json`), JSON.stringify(runReport(counts)));
}

function runReport(counts: DeliveryCounts): RunReport {
  return {
    pid: process.pid,
    thread: threadId,
    node: process.version,
    provider: provider(),
    instrumentations: (currentInstallation()?.instrumentations ?? []).map((instrumentation) => ({
      name: instrumentation.line().name,
      loaded: instrumentation.loadedModules(),
    })),
    counts,
    diagnostics: reportedMessages(),
    sources: resolvedSettings().sources,
  };
}

function provider(): RunReport['provider'] {
  if (isJoined()) {
    const registered = registeredProvider();
    const name = registered === undefined ? '' : actualProvider(registered).constructor.name;
    return { kind: 'app', name };
  }
  return hasStarted() ? { kind: 'own', name: 'NodeTracerProvider' } : { kind: 'none', name: '' };
}
