import { inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Samples a pixel by PNG's colour type: grey, -, RGB, palette, grey and alpha, -, RGB and alpha. */
const SAMPLES = [1, 0, 3, 1, 2, 0, 4];
const MOST_PIXELS = 16_000_000;
const COLUMNS = 9;
const ROWS = 8;

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly colourType: number;
  readonly palette: Buffer | undefined;
  /** Rows as PNG filters them: a byte that says how, then the samples. */
  readonly rows: Buffer;
  readonly samples: number;
}

/**
 * A hash of what a picture looks like: 16 hex digits, alike for pictures that look alike (difference hash of 9 × 8 mean
 * luminances, http://www.hackerfactor.com/blog/index.php?/archives/529-Kind-of-Like-That.html). Undefined for what is no PNG of
 * 8 bits a sample without interlacing, which is what browsers make, and for a broken one. Never throws.
 */
export function pictureHash(bytes: Uint8Array): string | undefined {
  try {
    const picture = readPng(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    return picture && differenceHash(meanLuminances(picture));
  } catch {
    return undefined;
  }
}

function readPng(file: Buffer): Picture | undefined {
  if (!file.subarray(0, 8).equals(SIGNATURE) || file.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  const width = file.readUInt32BE(16);
  const height = file.readUInt32BE(20);
  const [depth, colourType = 0, , , interlaced] = file.subarray(24, 29);
  const samples = SAMPLES[colourType] ?? 0;
  if (depth !== 8 || interlaced !== 0 || samples === 0 || width * height > MOST_PIXELS) return undefined;
  if (width === 0 || height === 0) return undefined;
  const packed: Buffer[] = [];
  let palette: Buffer | undefined;
  for (let at = 8; at + 12 <= file.length;) {
    const length = file.readUInt32BE(at);
    const content = file.subarray(at + 8, at + 8 + length);
    const name = file.toString('latin1', at + 4, at + 8);
    if (name === 'IDAT') packed.push(content);
    else if (name === 'PLTE') palette = content;
    at += 12 + length;
  }
  const size = (1 + width * samples) * height;
  const rows = inflateSync(Buffer.concat(packed), { maxOutputLength: size });
  return rows.length === size ? { width, height, colourType, palette, rows, samples } : undefined;
}

/** Mean luminance of each of 9 × 8 fields. */
function meanLuminances({ width, height, colourType, palette, rows, samples }: Picture): number[] {
  const sums = Array.from({ length: COLUMNS * ROWS }, () => 0);
  const counts = sums.slice();
  const stride = width * samples;
  let above: Uint8Array = new Uint8Array(stride);
  for (let y = 0; y < height; y += 1) {
    const start = y * (stride + 1);
    const row = rows.subarray(start + 1, start + 1 + stride);
    unfilter(row, above, rows[start] as number, samples);
    const firstField = Math.floor((y * ROWS) / height) * COLUMNS;
    for (let x = 0; x < width; x += 1) {
      const field = firstField + Math.floor((x * COLUMNS) / width);
      sums[field] = (sums[field] as number) + luminance(row, x * samples, colourType, palette);
      counts[field] = (counts[field] as number) + 1;
    }
    above = row;
  }
  return sums.map((sum, field) => sum / Math.max(1, counts[field] as number));
}

function luminance(row: Buffer, at: number, colourType: number, palette: Buffer | undefined): number {
  const isIndexed = colourType === 3;
  const from = isIndexed ? (palette ?? row) : row;
  const place = isIndexed ? 3 * (row[at] as number) : at;
  if (colourType === 0 || colourType === 4) return row[at] as number;
  return 0.299 * (from[place] ?? 0) + 0.587 * (from[place + 1] ?? 0) + 0.114 * (from[place + 2] ?? 0);
}

/** https://www.w3.org/TR/png-3/#9Filters */
function unfilter(row: Buffer, above: Uint8Array, filter: number, samples: number): void {
  if (filter === 0) return;
  for (let at = 0; at < row.length; at += 1) {
    const left = at < samples ? 0 : (row[at - samples] as number);
    const up = above[at] as number;
    const corner = at < samples ? 0 : (above[at - samples] as number);
    row[at] = ((row[at] as number) + guess(filter, left, up, corner)) & 0xff;
  }
}

function guess(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const estimate = left + up - corner;
  const toLeft = Math.abs(estimate - left);
  const toUp = Math.abs(estimate - up);
  const toCorner = Math.abs(estimate - corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** A bit for each pair of neighbours in a row: is the left one darker? */
function differenceHash(means: readonly number[]): string {
  let bits = '';
  for (let row = 0; row < ROWS; row += 1) {
    for (let column = 1; column < COLUMNS; column += 1) {
      const at = row * COLUMNS + column;
      bits += (means[at - 1] as number) < (means[at] as number) ? '1' : '0';
    }
  }
  return BigInt(`0b${bits}`).toString(16).padStart(16, '0');
}
