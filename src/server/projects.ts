import type { Store } from '../store/store.js';
import { DEFAULT_PROJECT } from './access.js';
import { HttpFailure, overloaded } from './http-failure.js';
import type { ReceivedCounts } from './receiver.js';
import type { Route } from './router.js';

/** One project at work: its own store, and routes that know no other. */
export interface Workspace {
  readonly routes: readonly Route[];
  readonly received: ReceivedCounts;
  /** Ends what waits for events. */
  endLive(): void;
  /** Resolves when nothing waits to be committed. */
  idle(): Promise<void>;
}

export interface Projects {
  /** Opens the project when it is not open yet. */
  open(name: string): Promise<Workspace>;
  readonly default: Workspace;
  endLive(): void;
  /** Closes the stores that were opened here; the default one is its owner's. */
  close(): Promise<void>;
}

const MOST_OPEN = 64;

/**
 * The projects of a translator. Each has a store of its own, so that no query can reach another project's records and no
 * id of one can stand in another's way.
 */
export function createProjects(
  store: Store,
  openStore: ((name: string) => Promise<Store>) | undefined,
  createWorkspace: (store: Store) => Workspace,
): Projects {
  const main = createWorkspace(store);
  const opened = new Map<string, Promise<{ workspace: Workspace; store: Store }>>();

  async function openProject(name: string): Promise<{ workspace: Workspace; store: Store }> {
    if (openStore === undefined) {
      throw new HttpFailure(400, 'SPOOR_REQUEST_INVALID', 'This translator has one store and no projects.');
    }
    const own = await openStore(name);
    return { workspace: createWorkspace(own), store: own };
  }

  return {
    default: main,
    async open(name) {
      if (name === DEFAULT_PROJECT) return main;
      const known = opened.get(name);
      if (known !== undefined) return (await known).workspace;
      if (opened.size >= MOST_OPEN) throw overloaded('Too many projects are open.', 60);
      const opening = openProject(name);
      opened.set(name, opening);
      // What could not be opened is tried again with the next request.
      opening.catch(() => opened.delete(name));
      return (await opening).workspace;
    },
    endLive() {
      main.endLive();
      for (const opening of opened.values()) opening.then(({ workspace }) => workspace.endLive(), ignore);
    },
    async close() {
      await main.idle();
      for (const result of await Promise.allSettled(opened.values())) {
        if (result.status === 'rejected') continue;
        await result.value.workspace.idle();
        await result.value.store.close();
      }
    },
  };
}

function ignore(): void {}
