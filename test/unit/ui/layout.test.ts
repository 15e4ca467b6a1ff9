import { describe, expect, it } from 'vitest';
import { helpRect, type Layout, menuRect, planLayout, type Rect } from '../../../src/ui/layout.ts';
import { PANE_IDS, type PaneId } from '../../../src/ui/state.ts';

const view = (focus: PaneId = 'paths', zoomed = false) => ({ focus, zoomed });
const ids = (layout: Layout): PaneId[] => layout.panes.map((pane) => pane.id).sort();

const rectsOf = ({ line, header, services, verdict, tabs, footer, panes }: Layout): Rect[] => [
  ...[line, header, services, verdict, tabs, footer].filter((rect) => rect !== null),
  ...panes.map((pane) => pane.rect),
];

/** Every cell belongs to at most one part, and none lies outside. */
function faultOf(layout: Layout, columns: number, rows: number): string | null {
  const rects = rectsOf(layout);
  for (const [index, a] of rects.entries()) {
    if (a.width < 1 || a.height < 1) return `empty ${JSON.stringify(a)}`;
    if (a.x < 0 || a.y < 0 || a.x + a.width > columns || a.y + a.height > rows) return `outside ${JSON.stringify(a)}`;
    for (const b of rects.slice(index + 1)) {
      const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
      if (!apart) return `overlap ${JSON.stringify([a, b])}`;
    }
  }
  return null;
}

describe('every size', () => {
  it.each(PANE_IDS)('has its parts inside and apart from each other, with %s focused', (focus) => {
    for (let columns = 1; columns <= 300; columns++) {
      for (let rows = 1; rows <= 100; rows++) {
        for (const zoomed of [false, true]) {
          const layout = planLayout(columns, rows, { focus, zoomed });
          const fault = faultOf(layout, columns, rows);
          if (fault !== null) expect.fail(`${columns}×${rows} ${zoomed ? 'zoomed' : ''}: ${fault}`);
          if (layout.kind !== 'line' && !layout.panes.some((pane) => pane.id === focus && pane.rect.height > 0)) {
            expect.fail(`${columns}×${rows}: ${focus} is focused but not shown`);
          }
        }
      }
    }
  });

  it.each([2, 3, 9])('has its parts inside and apart with %i Gunicorns to choose from', (services) => {
    for (let columns = 1; columns <= 300; columns += 7) {
      for (let rows = 1; rows <= 100; rows++) {
        for (const zoomed of [false, true]) {
          const layout = planLayout(columns, rows, { ...view('workers', zoomed), services });
          const fault = faultOf(layout, columns, rows);
          if (fault !== null) expect.fail(`${columns}×${rows} ${zoomed ? 'zoomed' : ''}: ${fault}`);
          if (layout.services !== null) expect(layout.services.height).toBeLessThanOrEqual(Math.min(services, 4));
          if (layout.footer !== null) expect(layout.footer.y).toBe(rows - 1);
        }
      }
    }
  });

  it('has room for the help and a menu inside', () => {
    for (let columns = 40; columns <= 200; columns++) {
      for (let rows = 10; rows <= 60; rows++) {
        const pane = { x: columns - 20, y: rows - 4, width: 20, height: 4 };
        for (const rect of [helpRect(columns, rows), menuRect(columns, rows, pane, 15)]) {
          expect(rect.x >= 0 && rect.y >= 0 && rect.x + rect.width <= columns && rect.y + rect.height <= rows).toBe(
            true,
          );
        }
      }
    }
  });
});

describe('what each terminal shows', () => {
  const main: PaneId[] = ['alerts', 'events', 'latency', 'paths', 'status', 'traffic', 'workers'];

  it.each([
    [160, 45, 'full'],
    [150, 40, 'full'],
    [120, 30, 'medium'],
  ] as const)('%d×%d: all seven panes', (columns, rows, kind) => {
    const layout = planLayout(columns, rows, view());
    expect(layout.kind).toBe(kind);
    expect(ids(layout)).toEqual(main);
  });

  it('80×24: a line each for traffic, latency, status and alerts; workers and paths', () => {
    const layout = planLayout(80, 24, view());
    expect(layout.kind).toBe('compact');
    expect(layout.panes.filter((pane) => !pane.framed).map((pane) => pane.id)).toEqual([
      'traffic',
      'latency',
      'status',
      'alerts',
    ]);
    expect(layout.panes.filter((pane) => pane.framed).map((pane) => pane.id)).toEqual(['paths', 'workers']);
  });

  it('60×15: one pane with tabs', () => {
    const layout = planLayout(60, 15, view('events'));
    expect(layout.kind).toBe('tabs');
    expect(layout.tabs).not.toBeNull();
    expect(ids(layout)).toEqual(['events']);
  });

  it.each([
    [39, 30],
    [200, 9],
    [1, 1],
  ])('%d×%d: no panes', (columns, rows) => {
    const layout = planLayout(columns, rows, view());
    expect(layout.kind).toBe('line');
    expect(rectsOf(layout)).toEqual([{ x: 0, y: 0, width: columns, height: rows }]);
  });

  it.each(['system', 'clients', 'slow'] as const)('%s takes the place of the tables when it is focused', (focus) => {
    const layout = planLayout(160, 45, view(focus));
    expect(ids(layout)).toEqual(['alerts', 'events', 'latency', 'status', 'traffic', focus].sort());
  });

  it('several Gunicorns have a line each under the header, up to four, and one where lines are few', () => {
    const lines = (rows: number, services: number) => planLayout(160, rows, { ...view(), services }).services;
    expect(lines(45, 1)).toBeNull();
    expect(lines(45, 3)).toEqual({ x: 0, y: 1, width: 160, height: 3 });
    expect(lines(45, 9)?.height).toBe(4);
    expect(lines(24, 9)?.height).toBe(1);
  });

  it('zoomed: the focused pane, between the verdict and the keys', () => {
    const layout = planLayout(160, 45, view('workers', true));
    expect(layout.panes).toEqual([{ id: 'workers', rect: { x: 0, y: 2, width: 160, height: 42 }, framed: true }]);
  });
});
