import { crc32, deflateSync } from 'node:zlib';

/**
 * A page of a small shop, as an agent in a browser meets it: what it shows depends on what was clicked. A banner lies over
 * the button that sorts, so that clicks on it go nowhere until the banner is closed.
 */
export function openPage() {
  let address = '/kettles?sort=name';
  let banner = true;
  const moves = {
    '/kettles?sort=name': { 'sort by price': '/kettles?sort=price' },
    '/kettles?sort=price': { 'first kettle': '/kettles/7' },
    '/kettles/7': { 'add to cart': '/cart' },
  };
  return {
    get address() {
      return address;
    },
    get title() {
      return TITLES[address];
    },
    async click(target) {
      if (target === 'close banner') banner = false;
      else if (!banner) address = moves[address]?.[target] ?? address;
      return address;
    },
    screenshot: async () => drawPage(LAYOUTS[address], banner),
  };
}

const TITLES = {
  '/kettles?sort=name': 'kettles by name',
  '/kettles?sort=price': 'kettles by price',
  '/kettles/7': 'a kettle',
  '/cart': 'the cart',
};

/** Lengths of the bars that stand for what a page shows. */
const LAYOUTS = {
  '/kettles?sort=name': [20, 36, 12, 28],
  '/kettles?sort=price': [12, 20, 28, 36],
  '/kettles/7': [12, 44, 44],
  '/cart': [12],
};

const WIDTH = 48;
const HEIGHT = 32;
const WHITE = [255, 255, 255];
const GREY = [203, 213, 225];
const BLUE = [37, 99, 235];
const RED = [220, 38, 38];

/** A head, a bar for each thing on the page, and the banner over the lower half: a PNG of 48 by 32 pixels. */
function drawPage(bars, banner) {
  const colourAt = (x, y) => {
    if (y < 5) return BLUE;
    if (banner && y > 19) return RED;
    const bar = Math.floor((y - 7) / 6);
    return (y - 7) % 6 < 4 && x >= 2 && x < 2 + (bars[bar] ?? 0) ? GREY : WHITE;
  };
  const rows = Array.from({ length: HEIGHT }, (_, y) => [
    0,
    ...Array.from({ length: WIDTH }, (__, x) => colourAt(x, y)).flat(),
  ]);
  return encodePng(Buffer.from(rows.flat()));
}

function encodePng(pixels) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.set([8, 2], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  // Not compressed: the same bytes on every Node.
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(pixels, { level: 0 })), chunk('IEND')];
  return Buffer.concat([signature, ...parts]);
}

function chunk(type, content = Buffer.alloc(0)) {
  const body = Buffer.concat([Buffer.from(type), content]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(content.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
