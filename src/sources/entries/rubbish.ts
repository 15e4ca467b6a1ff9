/** Bytes that no text log holds in number: one line in a binary file is nearly all of them. */
export function isRubbish(line: string): boolean {
  let odd = 0;
  for (let index = 0; index < line.length; index++) {
    const code = line.charCodeAt(index);
    if (code === 0xfffd || (code < 0x20 && code !== 0x09 && code !== 0x1b)) odd++;
  }
  return odd * 4 > line.length;
}
