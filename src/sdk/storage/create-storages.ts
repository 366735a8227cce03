import { resolve } from 'node:path';
import { ConsoleSpanExporter } from '@opentelemetry/sdk-trace-node';
import { DEFAULT_BASE_PATH, storageList } from '../../config/storage.js';
import { currentSettings, type ResolvedSettings } from '../../config/settings.js';
import { createOtlpDelivery } from '../exporter.js';
import { createSpanMasker } from '../mask-span.js';
import type { SpanDelivery } from '../span-delivery.js';
import { createDirectStorage } from './direct-storage.js';
import { createFileStorage } from './file-storage.js';
import { keepSpan } from './memory-spans.js';

/**
 * Everything that the settings send spans to, each behind the masking. `otlpUrl` is the receiver; without one, nothing is
 * sent: an app's own pipeline may do that already.
 */
export function createStorages(resolved: ResolvedSettings, otlpUrl: string | undefined): SpanDelivery[] {
  const maskSpan = createSpanMasker(() => currentSettings().mask);
  return storageList(resolved.settings.storage).flatMap((storage): SpanDelivery[] => {
    switch (storage) {
      case 'otlp':
        return otlpUrl === undefined ? [] : [createOtlpDelivery(resolved, otlpUrl)];
      case 'file':
        // The folder is the one of the start, wherever the program goes later.
        return [createFileStorage(resolve(resolved.settings.basePath ?? DEFAULT_BASE_PATH), maskSpan)];
      case 'memory':
        return [createDirectStorage('memory', maskSpan, keepSpan)];
      default:
        return [createDirectStorage('console', maskSpan, printSpan)];
    }
  });
}

const printer = new ConsoleSpanExporter();

function printSpan(span: Parameters<typeof printer.export>[0][number]): boolean {
  printer.export([span], () => undefined);
  return true;
}
