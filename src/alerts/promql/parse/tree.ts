/** Small helpers for Lezer's trees. */
import type { SyntaxNode } from '@lezer/common';
import { PromqlError } from '../errors.ts';

/** What reading a part of an expression needs to know of the whole. */
export interface Reading {
  readonly text: string;
  /** How many parts enclose this one. */
  readonly depth: number;
}

/** Deeper than any person writes, and far from where the stack would end. */
const MAX_DEPTH = 1000;

export function deeper({ text, depth }: Reading, node: SyntaxNode): Reading {
  if (depth >= MAX_DEPTH) throw new PromqlError('expression is nested too deeply', node.from);
  return { text, depth: depth + 1 };
}

export const textOf = ({ text }: Reading, node: SyntaxNode): string => text.slice(node.from, node.to);

/** The children of a node, comments left out. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== 'LineComment') children.push(child);
  }
  return children;
}

/** A child that the grammar promises. */
export function childOf(node: SyntaxNode, name: string): SyntaxNode {
  const child = node.getChild(name);
  if (child === null) throw new PromqlError(`incomplete ${node.name}`, node.from);
  return child;
}
