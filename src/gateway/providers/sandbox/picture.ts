/** A tiny PNG of one colour, which follows from the words that asked for it. */
const SIDE_PIXELS = 16;
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const RGB_8_BIT = [8, 2, 0, 0, 0];

/** A `data:` URL. */
export function pictureOf(words: string): string {
  const colour = Bun.hash.crc32(words);
  const pixel = [colour & 0xff, (colour >> 8) & 0xff, (colour >> 16) & 0xff];
  const row = [0, ...Array.from({ length: SIDE_PIXELS }, () => pixel).flat()];
  const pixels = Uint8Array.from(Array.from({ length: SIDE_PIXELS }, () => row).flat());
  const bytes = [
    ...SIGNATURE,
    ...chunk("IHDR", [...bigEndian(SIDE_PIXELS), ...bigEndian(SIDE_PIXELS), ...RGB_8_BIT]),
    ...chunk("IDAT", stored(pixels)),
    ...chunk("IEND", []),
  ];
  return `data:image/png;base64,${Uint8Array.from(bytes).toBase64()}`;
}

function chunk(type: string, data: readonly number[]): number[] {
  const named = [...new TextEncoder().encode(type), ...data];
  return [...bigEndian(data.length), ...named, ...bigEndian(Bun.hash.crc32(Uint8Array.from(named)))];
}

/** A zlib stream of one block that is not compressed. */
function stored(data: Uint8Array<ArrayBuffer>): number[] {
  const { length } = data;
  const size = [length & 0xff, length >> 8, ~length & 0xff, (~length >> 8) & 0xff];
  return [0x78, 0x01, 0x01, ...size, ...data, ...bigEndian(Bun.hash.adler32(data))];
}

function bigEndian(value: number): number[] {
  return [(value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}
