type Cell = string | number | boolean | null;

/** How a cell begins that a spreadsheet would run as a formula. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/u;

/**
 * One record of RFC 4180, its line end included. Text that a spreadsheet would take for a formula gets an apostrophe before
 * it: what models and tools say must not run on the machine of whoever opens the file.
 */
export function csvRecord(cells: readonly Cell[]): string {
  return `${cells.map((cell) => csvCell(cell)).join(',')}\r\n`;
}

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
