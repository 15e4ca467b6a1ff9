/** Addresses and networks, told from text. */

/** IPv4 addresses are kept as IPv6 ones that stand for them (RFC 4291, 2.5.5.2): eight words of 16 bits. */
type Words = Uint16Array;

const MAPPED = 0xffff;
const DOT = 0x2e;
const ZERO = 0x30;

/** The number of an IPv4 address; -1 where the text is none. A leading zero is refused: some read it as octal. */
function ipv4(text: string): number {
  let value = 0;
  let part = 0;
  let digits = 0;
  let parts = 0;
  for (let at = 0; at <= text.length; at++) {
    const code = at === text.length ? DOT : text.charCodeAt(at);
    if (code === DOT) {
      if (digits === 0 || ++parts > 4) return -1;
      value = value * 256 + part;
      part = 0;
      digits = 0;
      continue;
    }
    const digit = code - ZERO;
    if (digit < 0 || digit > 9 || (digits > 0 && part === 0)) return -1;
    part = part * 10 + digit;
    digits += 1;
    if (part > 255) return -1;
  }
  return parts === 4 ? value : -1;
}

function wordsOf(text: string): Words | null {
  const words = new Uint16Array(8);
  const four = ipv4(text);
  if (four >= 0) {
    words.set([MAPPED, four >>> 16, four & 0xffff], 5);
    return words;
  }
  return text.includes(':') && text.length <= 64 ? ipv6Words(text.replace(/%.*$/, ''), words) : null;
}

function ipv6Words(text: string, words: Words): Words | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [front, back] = halves.map(groupsOf);
  if (front === null || back === null) return null;
  if (back === undefined) {
    if (front.length !== 8) return null;
    words.set(front);
    return words;
  }
  if (front.length + back.length > 7) return null;
  words.set(front);
  words.set(back, 8 - back.length);
  return words;
}

/** Groups of a half; the last may be an IPv4 address. */
function groupsOf(half: string): number[] | null {
  if (half === '') return [];
  const groups: number[] = [];
  const parts = half.split(':');
  for (const [index, part] of parts.entries()) {
    const four = index === parts.length - 1 ? ipv4(part) : -1;
    if (four >= 0) groups.push(four >>> 16, four & 0xffff);
    else if (/^[\da-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}

/**
 * A test for addresses of a network such as `10.0.0.0/8`, or for one address in whatever way it is written. An IPv4
 * address matches its IPv6 form.
 * @returns null when the text is neither.
 */
export function networkTest(text: string): ((address: string) => boolean | null) | null {
  const [base, length, ...rest] = text.split('/');
  if (base === undefined || rest.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return null;
  const four = ipv4(base);
  if (four >= 0) {
    const bits = length === undefined ? 32 : Number(length);
    if (bits > 32) return null;
    return testOfBits(wordsOf(base), 96 + bits, Math.floor(four / 2 ** (32 - bits)), 2 ** (32 - bits));
  }
  const words = wordsOf(base);
  const bits = length === undefined ? 128 : Number(length);
  return words === null || bits > 128 ? null : testOfBits(words, bits, Number.NaN, Number.NaN);
}

/** @param prefix and `size` of the network as IPv4; NaN where it is none: most addresses are, and are quickly told. */
function testOfBits(
  network: Words | null,
  bits: number,
  prefix: number,
  size: number,
): ((address: string) => boolean | null) | null {
  if (network === null) return null;
  return (address) => {
    const four = ipv4(address);
    if (four >= 0 && size > 0) return Math.floor(four / size) === prefix;
    const words = wordsOf(address);
    return words === null ? null : isInside(words, network, bits);
  };
}

function isInside(words: Words, network: Words, bits: number): boolean {
  for (let index = 0; index * 16 < bits; index++) {
    const unused = Math.max(0, 16 - (bits - index * 16));
    if (words[index] >>> unused !== network[index] >>> unused) return false;
  }
  return true;
}
