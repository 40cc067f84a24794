/** Reads an animated GIF as a viewer shows it (GIF89a, CompuServe 1990). Written apart from what writes them. */

export interface Gif {
  readonly width: number;
  readonly height: number;
  /** Times that it is shown; 0: for ever. */
  readonly repeat: number | undefined;
  readonly frames: GifFrame[];
}

export interface GifFrame {
  /** Hundredths of a second. */
  readonly delay: number;
  /** What of the picture the file holds. */
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** `[height, width, 4]` the whole picture as it is shown, RGBA. */
  readonly pixels: Uint8ClampedArray;
}

/** @throws Error where the file breaks its format */
export function readGif(bytes: Uint8Array): Gif {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (Buffer.from(bytes.subarray(0, 6)).toString("latin1") !== "GIF89a") throw new Error("not a GIF89a");
  const [width, height] = [view.getUint16(6, true), view.getUint16(8, true)];
  let at = 13;
  const byte = () => {
    if (at >= bytes.length) throw new Error("the file ends too early");
    return bytes[at++]!;
  };
  const colorTable = (flags: number) => {
    const colors = bytes.subarray(at, at + 3 * (flags & 128 ? 2 << (flags & 7) : 0));
    at += colors.length;
    return colors;
  };
  const blocks = () => {
    const parts: Uint8Array[] = [];
    for (let size = -1; size !== 0; at += size) {
      size = byte();
      parts.push(bytes.subarray(at, at + size));
    }
    return Buffer.concat(parts);
  };
  const global = colorTable(bytes[10]!);
  const pixels = new Uint8ClampedArray(4 * width * height);
  const frames: GifFrame[] = [];
  let repeat: number | undefined;
  let control = { delay: 0, transparent: -1, dispose: 0 };
  while (bytes[at] !== 0x3b) {
    const kind = byte();
    if (kind === 0x21) {
      const label = byte();
      const data = blocks();
      if (label === 0xff && data.toString("latin1", 0, 11) === "NETSCAPE2.0") repeat = data.readUInt16LE(12);
      if (label === 0xf9) {
        const transparent = data[0]! & 1 ? data[3]! : -1;
        control = { delay: data.readUInt16LE(1), transparent, dispose: (data[0]! >> 2) & 7 };
      }
    } else if (kind === 0x2c) {
      const [x, y] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
      const [w, h] = [view.getUint16(at + 4, true), view.getUint16(at + 6, true)];
      const flags = bytes[at + 8]!;
      at += 9;
      const local = colorTable(flags);
      const colors = local.length > 0 ? local : global;
      if (control.dispose > 1 || flags & 64) throw new Error("only frames that stay, row by row, are read");
      if (x + w > width || y + h > height) throw new Error("a frame leaves the picture");
      const codeSize = byte();
      decompress(blocks(), codeSize, w * h).forEach((index, i) => {
        if (index === control.transparent) return;
        const color = colors.subarray(3 * index, 3 * index + 3);
        if (color.length < 3) throw new Error(`there is no colour ${index}`);
        pixels.set([...color, 255], 4 * ((y + Math.floor(i / w)) * width + x + (i % w)));
      });
      const box = { x, y, width: w, height: h };
      frames.push({ delay: control.delay, box, pixels: pixels.slice() });
    } else throw new Error(`there is no block of kind ${kind}`);
  }
  if (at !== bytes.length - 1) throw new Error("something follows the end");
  return { width, height, repeat, frames };
}

/** LZW with codes of growing length, as GIF has it. */
function decompress(data: Uint8Array, minimum: number, count: number): Uint8Array {
  const [clear, end] = [1 << minimum, (1 << minimum) + 1];
  const pixels = new Uint8Array(count);
  let table: Uint8Array[] = [];
  let previous: Uint8Array | undefined;
  let [size, filled] = [0, 0];
  const start = () => {
    table = Array.from({ length: clear }, (_, i) => Uint8Array.of(i));
    table.push(new Uint8Array(0), new Uint8Array(0));
    size = minimum + 1;
    previous = undefined;
  };
  start();
  for (let bit = 0; ; ) {
    let code = 0;
    if (bit + size > 8 * data.length) throw new Error("the pixels end too early");
    for (let i = 0; i < size; i++, bit++) code |= ((data[bit >> 3]! >> (bit & 7)) & 1) << i;
    if (code === clear) start();
    else if (code === end) break;
    else {
      const known: Uint8Array | undefined = table[code] ?? (previous && Uint8Array.of(...previous, previous[0]!));
      if (!known || code > table.length) throw new Error(`there is no code ${code}`);
      pixels.set(known, filled);
      filled += known.length;
      if (previous && table.length < 4096) table.push(Uint8Array.of(...previous, known[0]!));
      previous = known;
      if (table.length === 1 << size && size < 12) size++;
    }
  }
  if (filled !== count) throw new Error(`${filled} pixels instead of ${count}`);
  return pixels;
}
