import { normalize } from 'node:path';
import {
  InstrumentationBase,
  InstrumentationNodeModuleDefinition,
  InstrumentationNodeModuleFile,
  type InstrumentationConfig,
} from '@opentelemetry/instrumentation';
import { SCOPE_INSTRUMENTATION_PREFIX } from '../../semconv/spoor-attributes.js';
import type { SdkLine, Unpatch } from './call-mapper.js';
import { watchChannels } from './channel-watcher.js';
import { guard } from './guard.js';
import { onRequireOf } from './module-hooks.js';
import { patchModule } from './patch-sdk.js';
import { VERSION } from '../shared/version.js';

/** Every copy of an SDK that was patched, by instrumentation. Not a field: the base class calls `init` before fields exist. */
const patches = new WeakMap<object, Patches>();
const channels = new WeakMap<object, Unpatch>();

interface Patches {
  undo: Unpatch[];
  /** What the program gets in the place of each copy. */
  modules: Map<unknown, unknown>;
}

/**
 * An OpenTelemetry instrumentation of one SDK: it waits for the package, loads the code for it, and patches the prototypes
 * of each copy of the package that the program loads, as ESM or as CJS.
 */
export abstract class SdkInstrumentation extends InstrumentationBase {
  constructor(name: string, config: InstrumentationConfig = {}) {
    super(SCOPE_INSTRUMENTATION_PREFIX + name, VERSION, config);
    const { files } = this.line();
    if (files === undefined) return;
    onRequireOf(files, (moduleExports) => {
      if (this.isEnabled()) this.patch(moduleExports);
      return moduleExports;
    });
  }

  /** The registry line. A method, because the base class asks before a field could be set. */
  abstract line(): SdkLine;

  protected override init(): InstrumentationNodeModuleDefinition[] {
    // Any version: what is found in the package decides, so that a newer major is traced when it is built the same.
    return this.line().modules.map(
      (module) =>
        new InstrumentationNodeModuleDefinition(
          module,
          ['*'],
          (moduleExports: unknown) => this.patch(moduleExports, module),
          () => this.unpatch(),
          this.filesOf(module),
        ),
    );
  }

  private filesOf(module: string): InstrumentationNodeModuleFile[] {
    const files = this.line().files?.filter((file) => file.startsWith(`${module}/`)) ?? [];
    return files.map(
      (file) =>
        new InstrumentationNodeModuleFile(
          normalize(file),
          ['*'],
          (moduleExports: unknown) => {
            this.patch(moduleExports, module);
            return moduleExports;
          },
          () => this.unpatch(),
        ),
    );
  }

  override enable(): void {
    super.enable();
    if (!channels.has(this)) channels.set(this, watchChannels(this.line()));
  }

  override disable(): void {
    super.disable();
    channels.get(this)?.();
    channels.delete(this);
  }

  /**
   * Patches one loaded copy of the SDK. Does nothing to a copy that was patched before. Never throws.
   * @returns what the program is to get in the place of `moduleExports`; for most SDKs the same.
   */
  patch(moduleExports: unknown, module: string = this.line().modules[0]): unknown {
    let state = patches.get(this);
    if (state === undefined) patches.set(this, (state = { undo: [], modules: new Map() }));
    const { undo, modules } = state;
    if (modules.has(moduleExports)) return modules.get(moduleExports);
    modules.set(moduleExports, moduleExports);
    guard(`patch of ${module}`, () => {
      const definition = this.line().load();
      undo.push(...patchModule(this.line().name, definition, moduleExports, module));
      const replaced =
        'patchModule' in definition ? definition.replaceExports?.(moduleExports, module) : undefined;
      if (replaced === undefined) return;
      undo.push(replaced.undo);
      modules.set(moduleExports, replaced.moduleExports);
    });
    return modules.get(moduleExports);
  }

  /** How many copies of the SDK's modules were seen to load. */
  loadedModules(): number {
    return patches.get(this)?.modules.size ?? 0;
  }

  /** Puts every copy back to what it was. */
  unpatch(): void {
    for (const undo of patches.get(this)?.undo ?? []) guard('unpatch', undo);
    patches.delete(this);
  }
}

/** The instrumentation class of one registry line. */
export function instrumentationFor(
  line: SdkLine,
): new (config?: InstrumentationConfig) => SdkInstrumentation {
  return class extends SdkInstrumentation {
    constructor(config?: InstrumentationConfig) {
      super(line.name, config);
    }

    override line(): SdkLine {
      return line;
    }
  };
}
