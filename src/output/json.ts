/**
 * Characters that JSON.stringify lets through but that a terminal acts on or that hide text: DEL and C1 controls,
 * bidi controls, zero-width characters, line separators and the tags block. JSON sinks keep them, escaped.
 */
const UNSAFE =
  /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

const escaped = (character: string): string => {
  let text = '';
  for (let index = 0; index < character.length; index++) {
    text += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }
  return text;
};

/** One line of JSON, lossless and safe to print: control, C1 and bidi characters stand as `\uXXXX` only. */
export const toJsonLine = (value: unknown): string => JSON.stringify(value).replace(UNSAFE, escaped);
