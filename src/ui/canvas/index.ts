/** Cells that change every second, drawn beside Ink: see `Canvas` for the boxes and `Painter` for how they meet. */
export { Canvas, type CanvasProps, Overlay, type OverlayProps, PainterContext, usePainter } from './canvas.tsx';
export { Painter, type PaintTarget, type Placement, type Region } from './painter.ts';
export { type Draw, STYLE_NAMES, type StyleName, type Surface } from './surface.ts';
export { drawToCells, drawToText, type Span } from './text-surface.ts';
export { type ColorDepth, createTheme, type InkStyle, THEME_NAMES, type Theme, type ThemeName } from './theme.ts';
