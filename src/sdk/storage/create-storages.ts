import { resolve } from 'node:path';
import { ConsoleSpanExporter } from '@opentelemetry/sdk-trace-node';
import { DEFAULT_BASE_PATH, storageList } from '../../config/storage.js';
import { currentSettings, type Settings } from '../../config/settings.js';
import type { OtlpTarget } from '../../config/targets.js';
import { createOtlpDelivery } from '../exporter.js';
import { createSpanMasker } from '../mask-span.js';
import type { SpanDelivery } from '../span-delivery.js';
import { createDirectStorage } from './direct-storage.js';
import { createFileStorage } from './file-storage.js';
import { keepSpan } from './memory-spans.js';

/**
 * Everything that the settings send spans to, each behind the masking. Without a target
 * nothing is sent: an app's own pipeline may do that already.
 */
export function createStorages(settings: Settings, targets: readonly OtlpTarget[]): SpanDelivery[] {
  const maskSpan = createSpanMasker(() => currentSettings().mask);
  return storageList(settings.storage).flatMap((storage): SpanDelivery[] => {
    switch (storage) {
      case 'otlp':
        return targets.map((target) => createOtlpDelivery(settings, target));
      case 'file':
        // The folder is the one of the start, wherever the program goes later.
        return [createFileStorage(resolve(settings.basePath ?? DEFAULT_BASE_PATH), maskSpan)];
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
