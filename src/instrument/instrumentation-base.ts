import {
  InstrumentationBase,
  InstrumentationNodeModuleDefinition,
  type InstrumentationConfig,
} from '@opentelemetry/instrumentation';
import { SCOPE_INSTRUMENTATION_PREFIX } from '../../semconv/spoor-attributes.js';
import type { SdkLine, Unpatch } from './call-mapper.js';
import { guard } from './guard.js';
import { patchModule } from './patch-sdk.js';
import { VERSION } from '../shared/version.js';

/** Every copy of an SDK that was patched, by instrumentation. Not a field: the base class calls `init` before fields exist. */
const patches = new WeakMap<object, { undo: Unpatch[]; modules: Set<unknown> }>();

/**
 * An OpenTelemetry instrumentation of one SDK: it waits for the package, loads the code for it, and patches the prototypes
 * of each copy of the package that the program loads, as ESM or as CJS.
 */
export abstract class SdkInstrumentation extends InstrumentationBase {
  constructor(name: string, config: InstrumentationConfig = {}) {
    super(SCOPE_INSTRUMENTATION_PREFIX + name, VERSION, config);
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
          (moduleExports: unknown) => {
            this.patch(moduleExports, module);
            return moduleExports;
          },
          () => this.unpatch(),
        ),
    );
  }

  /** Patches one loaded copy of the SDK. Does nothing to a copy that was patched before. Never throws. */
  patch(moduleExports: unknown, module: string = this.line().modules[0]): void {
    guard(`patch of ${module}`, () => {
      let state = patches.get(this);
      if (state === undefined) patches.set(this, (state = { undo: [], modules: new Set() }));
      if (state.modules.has(moduleExports)) return;
      state.modules.add(moduleExports);
      state.undo.push(...patchModule(this.line().name, this.line().load(), moduleExports, module));
    });
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
