import type { TableState } from '../../state.ts';
import type { Column } from './column.ts';

/** Rows in the order of a column; equal ones keep the order they came in. The rows as given for no such column. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: string | null,
  reversed: boolean,
): readonly Row[] {
  const column = columns.find((each) => each.id === sort);
  const sortBy = column?.sortBy;
  if (column === undefined || sortBy === undefined) return rows;
  const direction = (column.firstAscending === true) === reversed ? -1 : 1;
  return [...rows].sort((a, b) => {
    const left = sortBy(a);
    const right = sortBy(b);
    if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
    return left < right ? -direction : left > right ? direction : 0;
  });
}

/** `▽` where the largest stands first, `△` where the smallest does. */
export function sortMark(column: { readonly firstAscending?: true }, table: Pick<TableState, 'reversed'>): string {
  return (column.firstAscending === true) === table.reversed ? '▽' : '△';
}
