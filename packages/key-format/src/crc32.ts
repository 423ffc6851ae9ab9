const REVERSED_POLYNOMIAL = 0xedb88320;

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ REVERSED_POLYNOMIAL : value >>> 1;
  return value;
});

/**
 * CRC-32 as in zlib, PNG and ISO-HDLC, of ASCII text; an unsigned 32-bit number. Written here, in ten lines, so that
 * the format needs nothing of Node's and a page can check a secret as well.
 */
export function crc32(asciiText: string): number {
  let crc = 0xffffffff;
  for (let index = 0; index < asciiText.length; index++) {
    crc = (crc >>> 8) ^ (TABLE[(crc ^ asciiText.charCodeAt(index)) & 0xff] ?? 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
