/**
 * A stable name for what `key` describes: FNV-1a twice from different beginnings over the UTF-16 units, as 16 hexadecimal
 * digits. The same in every run and on every host. Whoever chooses keys freely can make two with one name.
 */
export function fingerprint(key: string): string {
  return hash(key, 0x811c9dc5) + hash(key, 0x9747b28c);
}

function hash(key: string, seed: number): string {
  let value = seed;
  for (let index = 0; index < key.length; index++) value = Math.imul(value ^ key.charCodeAt(index), 0x01000193);
  // MurmurHash3's finalizer: FNV's high bits alone depend too little on the last characters.
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return ((value ^ (value >>> 16)) >>> 0).toString(16).padStart(8, '0');
}
