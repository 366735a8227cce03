interface Node {
  readonly id: string;
  readonly parentId?: string | undefined;
}

/** Ids of spans and traces, and UUIDs. */
const IDS = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32}\b|\b[0-9a-f]{16}\b/g;

/**
 * Parents before children, siblings by what they and their children say. Spans start at whole milliseconds, and programs
 * that call nothing make several in one: by time, they would swap from run to run.
 */
export function orderByContent<T>(
  items: readonly T[],
  nodeOf: (item: T) => Node,
  contentOf: (item: T) => string,
): T[] {
  const ids = new Set(items.map((item) => nodeOf(item).id));
  const parentOf = (item: T): string | undefined => {
    const { parentId } = nodeOf(item);
    return parentId !== undefined && ids.has(parentId) ? parentId : undefined;
  };
  const below = (parentId: string | undefined): { content: string; subtree: T[] }[] =>
    items
      .filter((item) => parentOf(item) === parentId)
      .map((item) => {
        const children = below(nodeOf(item).id);
        const content = [contentOf(item).replaceAll(IDS, ''), ...children.map((child) => child.content)];
        return {
          content: content.join('\n'),
          subtree: [item, ...children.flatMap((child) => child.subtree)],
        };
      })
      .toSorted((a, b) => (a.content < b.content ? -1 : Number(a.content > b.content)));
  return below(undefined).flatMap(({ subtree }) => subtree);
}
