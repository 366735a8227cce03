/** A label that wants to be on its edge. */
export interface WantedLabel {
  readonly at: number;
  readonly width: number;
  readonly height: number;
  /** Places in order of preference. */
  readonly places: readonly (readonly [x: number, y: number])[];
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const CELL = 160;

/** Places labels one after the other where they cover neither a box nor another label; the first wish when nothing is free. */
export function placeLabels(
  labels: readonly WantedLabel[],
  boxes: readonly { x: number; y: number; width: number; height: number }[],
): Map<number, readonly [number, number]> {
  const grid = new Map<string, Box[]>();
  const cellsOf = (box: Box): string[] => {
    const cells: string[] = [];
    for (let column = Math.floor(box.left / CELL); column <= Math.floor(box.right / CELL); column += 1) {
      for (let row = Math.floor(box.top / CELL); row <= Math.floor(box.bottom / CELL); row += 1)
        cells.push(`${column} ${row}`);
    }
    return cells;
  };
  const isFree = (box: Box): boolean =>
    cellsOf(box).every((cell) => !(grid.get(cell) ?? []).some((other) => overlaps(box, other)));
  const take = (box: Box): void => {
    for (const cell of cellsOf(box)) {
      const list = grid.get(cell);
      if (list === undefined) grid.set(cell, [box]);
      else list.push(box);
    }
  };
  for (const { x, y, width, height } of boxes) take(boxAt(x, y, width, height));
  const placed = new Map<number, readonly [number, number]>();
  for (const { at, width, height, places } of labels) {
    const place = places.find(([x, y]) => isFree(boxAt(x, y, width, height))) ?? places[0];
    if (place === undefined) continue;
    take(boxAt(place[0], place[1], width, height));
    placed.set(at, place);
  }
  return placed;
}

function boxAt(x: number, y: number, width: number, height: number): Box {
  return { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
}

function overlaps(one: Box, other: Box): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}
