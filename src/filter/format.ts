/** A filter as text, in one way for all ways of writing it. */
import type { Expression } from './expression.ts';
import { bareEnd, tokensOf } from './tokens.ts';

/** Reads as the same expression. */
export function formatFilter(expression: Expression): string {
  switch (expression.kind) {
    case 'text':
      return plainText(expression.text);
    case 'comparison':
      return `${expression.field}${expression.operator}${value(expression.value)}`;
    case 'not':
      return `not ${inBrackets(expression.part, ['and', 'or'])}`;
    case 'and':
      return expression.parts.map((part) => inBrackets(part, ['and', 'or'])).join(' and ');
    case 'or':
      return expression.parts.map((part) => inBrackets(part, ['or'])).join(' or ');
  }
}

const inBrackets = (part: Expression, kinds: readonly string[]): string =>
  kinds.includes(part.kind) ? `(${formatFilter(part)})` : formatFilter(part);

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** A star or an equals sign in front would be taken for a part of the operator. */
const isBare = (text: string): boolean =>
  !/^["'*=~]/.test(text) && text !== '' && bareEnd(`${text})`, 0) === text.length;

const value = (text: string): string => (isBare(text) ? text : quoted(text));

function plainText(text: string): string {
  const [token] = isBare(text) ? tokensOf(`${text})`) : [];
  return token?.kind === 'text' && token.text === text ? text : quoted(text);
}
