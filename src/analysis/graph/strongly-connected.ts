/**
 * The strongly connected component of each node, as a number: two nodes have the same one when each can be reached from the
 * other (Tarjan's algorithm, without recursion). Components are numbered against the direction of the edges.
 */
export function stronglyConnected(nodeCount: number, targets: readonly (readonly number[])[]): Int32Array {
  const order = new Int32Array(nodeCount).fill(-1);
  const low = new Int32Array(nodeCount);
  const component = new Int32Array(nodeCount).fill(-1);
  const cursor = new Int32Array(nodeCount);
  const waiting: number[] = [];
  let visited = 0;
  let components = 0;
  const enter = (node: number): void => {
    order[node] = visited;
    low[node] = visited;
    visited += 1;
    waiting.push(node);
  };
  const leave = (node: number): void => {
    if (low[node] !== order[node]) return;
    for (let member = waiting.pop(); member !== undefined; member = waiting.pop()) {
      component[member] = components;
      if (member === node) break;
    }
    components += 1;
  };
  for (let root = 0; root < nodeCount; root += 1) {
    if (order[root] !== -1) continue;
    const path = [root];
    enter(root);
    while (path.length > 0) {
      const node = path[path.length - 1]!;
      const target = targets[node]?.[cursor[node]!];
      if (target === undefined) {
        path.pop();
        leave(node);
        const parent = path[path.length - 1];
        if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[node]!);
        continue;
      }
      cursor[node]! += 1;
      if (order[target] === -1) {
        enter(target);
        path.push(target);
      } else if (component[target] === -1) low[node] = Math.min(low[node]!, order[target]!);
    }
  }
  return component;
}
