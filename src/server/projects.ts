import type { Store } from '../store/store.js';
import { DEFAULT_PROJECT, type Entry } from './access.js';
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

/** A workspace as long as a request is at work in it. */
export interface Visit {
  readonly workspace: Workspace;
  /** To be called once, when the request is done and its answer is sent. */
  leave(): void;
}

export interface Projects {
  /** Opens the project when it is not open yet, and keeps it open until the visit ends. Throws an `HttpFailure`. */
  enter(entry: Entry): Promise<Visit>;
  readonly default: Workspace;
  endLive(): void;
  /** Closes the stores that were opened here; the default one is its owner's. */
  close(): Promise<void>;
}

export interface ProjectsOptions {
  /** Store of the default project. */
  store: Store;
  /** Opens the store of another one; absent where there are none. */
  openStore: ((name: string) => Promise<Store>) | undefined;
  createWorkspace: (store: Store) => Workspace;
  /** Whether there is one by this name; absent where that cannot be told. */
  exists?: ((name: string) => boolean) | undefined;
  /** Most projects that are open at a time. */
  mostOpen: number;
  log: (line: string) => void;
}

interface OpenProject {
  opening: Promise<{ workspace: Workspace; store: Store }>;
  /** Requests that are at work in it, event streams included. */
  visits: number;
}

/**
 * The projects of a translator. Each has a store of its own, so that no query can reach another project's records and no
 * id of one can stand in another's way. When too many are open, the one that nobody has used for longest is closed.
 */
export function createProjects(options: ProjectsOptions): Projects {
  const { store, openStore, exists, createWorkspace, mostOpen, log } = options;
  const main = createWorkspace(store);
  // In the order of their last use.
  const opened = new Map<string, OpenProject>();
  const closing = new Map<string, Promise<void>>();

  async function openProject(name: string): Promise<{ workspace: Workspace; store: Store }> {
    if (openStore === undefined) {
      throw new HttpFailure(400, 'SPOOR_REQUEST_INVALID', 'This translator has one store and no projects.');
    }
    // A store that is being closed is opened again once it is.
    await closing.get(name);
    const own = await openStore(name);
    return { workspace: createWorkspace(own), store: own };
  }

  async function closeProject({ opening }: OpenProject): Promise<void> {
    const { workspace, store: own } = await opening;
    workspace.endLive();
    await workspace.idle();
    await own.close();
  }

  function makeRoom(): void {
    if (opened.size < mostOpen) return;
    const idle = [...opened].find(([, { visits }]) => visits === 0);
    if (idle === undefined) throw overloaded('Too many projects are in use.', 60);
    const [name, project] = idle;
    opened.delete(name);
    const closed = closeProject(project)
      .catch((cause: unknown) => log(`spoor: a project could not be closed: ${String(cause)}`))
      .finally(() => closing.delete(name));
    closing.set(name, closed);
  }

  function find(name: string): OpenProject {
    const known = opened.get(name);
    if (known !== undefined) {
      opened.delete(name);
      opened.set(name, known);
      return known;
    }
    makeRoom();
    const project: OpenProject = { opening: openProject(name), visits: 0 };
    opened.set(name, project);
    // What could not be opened is tried again with the next request.
    project.opening.catch(() => {
      if (opened.get(name) === project) opened.delete(name);
    });
    return project;
  }

  return {
    default: main,
    async enter({ project: name, mayCreate }) {
      if (name === DEFAULT_PROJECT) return { workspace: main, leave: () => undefined };
      if (!mayCreate && !opened.has(name) && exists?.(name) === false) {
        throw new HttpFailure(404, 'SPOOR_NOT_FOUND', 'There is no project with this name.');
      }
      const project = find(name);
      project.visits += 1;
      try {
        const { workspace } = await project.opening;
        return { workspace, leave: () => void (project.visits -= 1) };
      } catch (cause) {
        project.visits -= 1;
        throw cause;
      }
    },
    endLive() {
      main.endLive();
      for (const { opening } of opened.values()) {
        opening.then(({ workspace }) => workspace.endLive(), ignore);
      }
    },
    async close() {
      await main.idle();
      const projects = [...opened.values()];
      opened.clear();
      // One that could not be opened has nothing to close.
      await Promise.allSettled(projects.map(closeProject));
      await Promise.all(closing.values());
    },
  };
}

function ignore(): void {}
