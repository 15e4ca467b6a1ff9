/** The boxes of the layout whose cells the painter fills. */
import { Box, type BoxProps, type DOMElement, measureElement } from 'ink';
import {
  createContext,
  type ReactNode,
  type RefObject,
  use,
  useEffect,
  useInsertionEffect,
  useLayoutEffect,
  useMemo,
  useRef,
} from 'react';
import { intersect, type Rect } from './grid.ts';
import type { Painter, Placement } from './painter.ts';
import type { Draw } from './surface.ts';

/** Null where nothing is painted: a canvas then only takes its space. */
export const PainterContext = createContext<Painter | null>(null);

/** How many overlays lie around a component. */
const LevelContext = createContext(0);

/** The painter of this screen, to ask for a paint when data changed (`schedule`) or for a whole one (`repaint`). */
export const usePainter = (): Painter | null => use(PainterContext);

export type CanvasProps = BoxProps & {
  /** Fills the canvas' cells; called at every paint, must be quick and must not change anything. */
  readonly draw: Draw;
};

/**
 * An empty box of the layout, filled by a draw function.
 *
 * A new `draw` costs a paint and no frame of Ink's. For that to hold, the component that passes it must not render
 * boxes or texts of its own at the same time; the cheapest way is a `draw` that never changes, reads the newest data
 * when it is called, and a `painter.schedule()` when there are any.
 */
export function Canvas({ draw, ...box }: CanvasProps): ReactNode {
  const painter = use(PainterContext);
  const level = use(LevelContext);
  const element = useRef<DOMElement>(null);
  const latest = useRef(draw);

  useRegion(painter, element, level, latest);
  // Passive: it changes no box, so that Ink does not draw a frame for it.
  useEffect(() => {
    latest.current = draw;
    painter?.schedule();
  }, [draw, painter]);

  // The same element as long as the box is the same: React then leaves the box, and Ink the frame, alone.
  const key = JSON.stringify(box);
  return useMemo(() => <Box ref={element} {...(JSON.parse(key) as BoxProps)} />, [key]);
}

export type OverlayProps = BoxProps & { readonly children?: ReactNode };

/**
 * A box that hides the canvases below it, whatever its depth in the tree: what Ink drew shows in all of its cells, and
 * canvases inside it lie on top. Its content has to cover the whole box (a border and a canvas do), or what Ink drew
 * below shines through.
 */
export function Overlay({ children, ...box }: OverlayProps): ReactNode {
  const painter = use(PainterContext);
  const level = use(LevelContext) + 1;
  const element = useRef<DOMElement>(null);
  useRegion(painter, element, level, null);
  return (
    <LevelContext value={level}>
      <Box ref={element} position="absolute" {...box}>
        {children}
      </Box>
    </LevelContext>
  );
}

/** Registers a box with the painter from mount to unmount. */
function useRegion(
  painter: Painter | null,
  element: RefObject<DOMElement | null>,
  level: number,
  draw: RefObject<Draw> | null,
): void {
  // React runs these before it hands the tree to Ink: a box comes or goes.
  useInsertionEffect(() => {
    painter?.expectLayout();
    return painter?.expectLayout;
  }, [painter]);

  useLayoutEffect(
    () =>
      painter?.register({
        draw: draw && ((surface) => draw.current(surface)),
        level,
        measure: () => (element.current === null ? null : placementOf(element.current, draw === null)),
      }),
    [painter, element, level, draw],
  );
}

/**
 * Where an element stands on the screen, and how much of it its parents leave visible. An overlay counts with its
 * border, a canvas without.
 */
function placementOf(element: DOMElement, withBorder: boolean): Placement | null {
  if (element.yogaNode === undefined) return null;
  const rect = withBorder ? outside(element) : inside(element);
  let visible = rect;
  for (let parent = element.parentNode; parent !== undefined; parent = parent.parentNode) {
    visible = intersect(visible, inside(parent));
  }
  return { rect, visible };
}

/** The cells of an element; none once it is gone from the layout. */
function outside(element: DOMElement): Rect {
  const { x, y, width, height } = measureElement(element);
  return { x, y, width, height };
}

function inside(element: DOMElement): Rect {
  const { x, y, clientWidth, clientHeight } = measureElement(element);
  const left = element.yogaNode?.getComputedBorder(EDGE_LEFT) ?? 0;
  const top = element.yogaNode?.getComputedBorder(EDGE_TOP) ?? 0;
  return { x: x + left, y: y + top, width: clientWidth, height: clientHeight };
}

/** Edges as Yoga numbers them. */
const EDGE_LEFT = 0;
const EDGE_TOP = 1;
