/** The screen in Ink: boxes and borders here, every cell that changes by itself in canvases. */
import { Box, Text, useApp, useInput, usePaste, useStdout } from 'ink';
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import { clip } from '../text/width.ts';
import { asciiSurface, toAscii } from './ascii.ts';
import { Canvas, type ColorDepth, createTheme, type Draw, Overlay, type Surface, type Theme } from './canvas/index.ts';
import type { DrawContext } from './context.ts';
import type { Dashboard } from './dashboard.ts';
import { drawPrompt } from './input/draw-prompt.ts';
import { keyNames } from './keys.ts';
import { bodyRect, type PlacedPane, planLayout, promptRect, type Rect } from './layout.ts';
import { overlayRect } from './overlay-rect.ts';
import {
  drawFooter,
  drawHeader,
  drawPaneLine,
  drawStatusLine,
  drawTabs,
  drawTitleFigures,
  drawVerdict,
} from './panes/chrome.ts';
import { PANES, paneDigit } from './panes/index.ts';
import { drawServices } from './panes/services.ts';
import { drawSpans, fitItems, type Item, spansWidth } from './widgets/line.ts';

export interface AppProps {
  readonly dashboard: Dashboard;
  readonly ascii: boolean;
  readonly colorDepth: ColorDepth;
  /** Bytes a second that go to the terminal; null until known. */
  readonly outputBytesPerSecond: () => number | null;
}

/** What every part of the screen needs and no part changes. */
const ScreenContext = createContext<ScreenProps | null>(null);

interface ScreenProps {
  readonly dashboard: Dashboard;
  readonly ascii: boolean;
  readonly theme: Theme;
}

function useScreen(): ScreenProps {
  const screen = use(ScreenContext);
  if (screen === null) throw new Error('a part of the screen stands outside it');
  return screen;
}

/** Ink's `useWindowSize` sets its state once more when it is mounted: the whole tree would be drawn twice at the start. */
function useScreenSize(): { columns: number; rows: number } {
  const stdout = useStdout().stdout as NodeJS.WriteStream;
  const subscribe = useCallback(
    (listener: () => void) => {
      stdout.on('resize', listener);
      return () => {
        stdout.off('resize', listener);
      };
    },
    [stdout],
  );
  const columns = useSyncExternalStore(subscribe, () => stdout.columns);
  const rows = useSyncExternalStore(subscribe, () => stdout.rows);
  return { columns, rows };
}

export default function App({ dashboard, ascii, colorDepth, outputBytesPerSecond }: AppProps): ReactNode {
  const { exit } = useApp();
  const { columns, rows } = useScreenSize();
  const { focus, zoomed, overlay, hasDetail, hasPrompt, theme, quit } = useSyncExternalStore(
    dashboard.subscribe,
    dashboard.chrome,
  );

  useInput((input, key) => {
    for (const name of keyNames(input, key)) dashboard.key(name);
  });
  // A paste is not typing: none of it runs as commands.
  usePaste((text) => dashboard.paste(text));
  useEffect(() => {
    if (quit) exit();
  }, [quit, exit]);

  const services = dashboard.serviceCount;
  const layout = useMemo(
    () => planLayout(columns, rows, { focus, zoomed, services }),
    [columns, rows, focus, zoomed, services],
  );
  const screen = useMemo(
    () => ({ dashboard, ascii, theme: createTheme(theme, colorDepth) }),
    [dashboard, ascii, theme, colorDepth],
  );
  const drawFoot = useMemo(
    () => (surface: Surface, context: DrawContext) =>
      drawFooter(surface, context, { outputBytesPerSecond: outputBytesPerSecond() }),
    [outputBytesPerSecond],
  );
  return (
    <ScreenContext value={screen}>
      <Box width={columns} height={rows} overflow="hidden">
        <Line rect={layout.line} draw={drawStatusLine} />
        <Line rect={layout.header} draw={drawHeader} />
        <Line rect={layout.services} draw={drawServices} />
        <Line rect={layout.verdict} draw={drawVerdict} before={drawWaiting} />
        <Line rect={layout.tabs} draw={drawTabs} />
        {hasDetail && layout.kind !== 'line' ? (
          <Detail rect={bodyRect(columns, rows, layout)} />
        ) : (
          layout.panes.map((pane) =>
            pane.framed ? (
              <PaneBox key={pane.id} pane={pane} focused={pane.id === focus} />
            ) : (
              <PaneLine key={pane.id} pane={pane} />
            ),
          )
        )}
        <Line rect={layout.footer} draw={drawFoot} />
        {overlay !== null && layout.kind !== 'line' && (
          <Over key={overlay.kind} rect={overlayRect(columns, rows, layout, overlay)} />
        )}
        {hasPrompt && <Prompt rect={promptRect(columns, rows)} />}
      </Box>
    </ScreenContext>
  );
}

type DrawPart = (surface: Surface, context: DrawContext) => void;

/** The draw function of a canvas: reads the newest Snapshot when it is called, and so never changes. */
function useDraw(part: DrawPart, before?: Draw): Draw {
  const { dashboard, ascii } = useScreen();
  return useMemo(
    () => (surface: Surface) => {
      const context = dashboard.context();
      const drawn = ascii ? asciiSurface(surface) : surface;
      if (context !== null) part(drawn, context);
      else before?.(drawn);
    },
    [dashboard, ascii, part, before],
  );
}

const placed = ({ x, y, width, height }: Rect) => ({ position: 'absolute', left: x, top: y, width, height }) as const;

/** Until the first Snapshot has come: a long log of the past is read up to where the replay begins. */
const drawWaiting: Draw = (surface) => void surface.text(1, 0, '– reading …', 'dim');

interface LineProps {
  readonly rect: Rect | null;
  readonly draw: DrawPart;
  /** Drawn while there is nothing yet. */
  readonly before?: Draw;
}

function Line({ rect, draw, before }: LineProps): ReactNode {
  const drawing = useDraw(draw, before);
  return rect === null ? null : <Canvas {...placed(rect)} draw={drawing} />;
}

function PaneLine({ pane }: { pane: PlacedPane }): ReactNode {
  const part = useMemo(() => (surface: Surface, context: DrawContext) => drawPaneLine(surface, pane, context), [pane]);
  return <Canvas {...placed(pane.rect)} draw={useDraw(part)} />;
}

function PaneBox({ pane: { id, rect }, focused }: { pane: PlacedPane; focused: boolean }): ReactNode {
  const pane = PANES[id];
  const title = useMemo(
    () => (surface: Surface, context: DrawContext) => drawTitleFigures(surface, pane, context, focused),
    [pane, focused],
  );
  const body = useMemo(
    () => (surface: Surface, context: DrawContext) => pane.draw(surface, context, focused),
    [pane, focused],
  );
  const drawTitle = useDraw(title);
  const drawBody = useDraw(body);
  return (
    <Box {...placed(rect)} flexDirection="column">
      <TitleLine width={rect.width} title={`${paneDigit(id)} ${pane.title}`} focused={focused}>
        <Canvas height={1} flexGrow={1} draw={drawTitle} />
      </TitleLine>
      <Frame focused={focused} draw={drawBody} />
    </Box>
  );
}

/** What was opened, in place of the panes. What is drawn in it is loaded when it is first needed. */
function Detail({ rect }: { rect: Rect }): ReactNode {
  const { dashboard } = useScreen();
  const title: DrawPart = useCallback(
    (surface, context) => {
      const { detail } = context.state;
      const details = dashboard.parts.details.now;
      if (detail === null || details === null) return;
      const figures = dashboard.hasDetail ? details.detailFigures(detail.target, context) : [];
      drawTitle(surface, details.breadcrumb(detail.from, detail.target, context.state), figures);
    },
    [dashboard],
  );
  const body: DrawPart = useCallback(
    (surface, context) => {
      const { detail } = context.state;
      const details = dashboard.parts.details.now;
      if (detail === null || details === null) return;
      if (dashboard.hasDetail) details.drawDetail(surface, detail.target, context, detail.scroll);
      else surface.text(1, 0, 'looking …', 'dim');
    },
    [dashboard],
  );
  return (
    <Box {...placed(rect)} flexDirection="column">
      <Framed width={rect.width} title={title} draw={body} />
    </Box>
  );
}

/** What lies over the panes. */
function Over({ rect }: { rect: Rect }): ReactNode {
  const { dashboard } = useScreen();
  const title: DrawPart = useCallback(
    (surface, context) => {
      const { overlay } = context.state;
      const text = overlay && dashboard.parts.overlays.now?.overlayTitle(overlay, context);
      drawTitle(surface, text ?? '', []);
    },
    [dashboard],
  );
  const body: DrawPart = useCallback(
    (surface, context) => {
      const { overlay } = context.state;
      if (overlay !== null) dashboard.parts.overlays.now?.drawOverlay(surface, overlay, context);
    },
    [dashboard],
  );
  return (
    <Overlay left={rect.x} top={rect.y} width={rect.width} height={rect.height} flexDirection="column">
      <Framed width={rect.width} title={title} draw={body} />
    </Overlay>
  );
}

/** The line that is being typed, over the footer. */
function Prompt({ rect }: { rect: Rect }): ReactNode {
  const drawing = useDraw(drawPrompt);
  return (
    <Overlay left={rect.x} top={rect.y} width={rect.width} height={rect.height}>
      <Canvas flexGrow={1} draw={drawing} />
    </Overlay>
  );
}

/** A frame with a title and an inside that are both painted. */
function Framed({ width, title, draw }: { width: number; title: DrawPart; draw: DrawPart }): ReactNode {
  const drawing = useDraw(draw);
  const titling = useDraw(title);
  return (
    <>
      <TitleLine width={width} title="" focused>
        <Canvas height={1} flexGrow={1} draw={titling} />
      </TitleLine>
      <Frame focused draw={drawing} />
    </>
  );
}

/** A name at the left of its line, figures at the right. */
function drawTitle(surface: Surface, title: string, figures: readonly Item[]): void {
  surface.fill(0, 0, surface.width, 1, FOCUSED.rule, 'accent');
  const name = clip(title, Math.max(0, surface.width - 2));
  const end = surface.text(0, 0, `${name} `, 'title');
  const spans = fitItems(figures, surface.width - end - 4);
  if (spans.length > 0)
    drawSpans(surface, surface.width - spansWidth(spans) - 2, 0, [{ text: ' ' }, ...spans, { text: ' ' }]);
}

/** Focus shows in the weight of the border as well as in its colour. */
const FOCUSED = { left: '┏', right: '┓', rule: '━', marker: '>' };
const UNFOCUSED = { left: '╭', right: '╮', rule: '─', marker: ' ' };

/** The top border, which holds the name and, in a canvas, the figures. */
function TitleLine(props: { width: number; title: string; focused: boolean; children: ReactNode }): ReactNode {
  const { ascii, theme } = useScreen();
  const { left, right, rule, marker } = props.focused ? FOCUSED : UNFOCUSED;
  const shown = (text: string): string => (ascii ? toAscii(text) : text);
  const border = theme.ink(props.focused ? 'accent' : 'dim');
  return (
    <Box width={props.width} height={1}>
      <Box flexShrink={0}>
        <Text {...border}>{shown(left)}</Text>
        <Text {...theme.ink(props.focused ? 'title' : 'text')}>
          {props.title === '' ? marker : `${marker}${props.title} `}
        </Text>
      </Box>
      {props.children}
      <Box flexShrink={0}>
        <Text {...border}>{shown(rule + right)}</Text>
      </Box>
    </Box>
  );
}

function Frame({ focused, draw }: { focused: boolean; draw: Draw }): ReactNode {
  const { ascii, theme } = useScreen();
  const { color, dimColor } = theme.ink(focused ? 'accent' : 'dim');
  return (
    <Box
      flexGrow={1}
      borderStyle={ascii ? 'classic' : focused ? 'bold' : 'round'}
      borderTop={false}
      borderColor={color}
      borderDimColor={dimColor}
    >
      <Canvas flexGrow={1} draw={draw} />
    </Box>
  );
}
