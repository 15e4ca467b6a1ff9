/**
 * What opens over the panes when a person presses Enter on a row. One file a kind beside this one; `index.ts` says which
 * row opens what.
 */
import type { AlertRow, EventRow, IsoTime, SlowRequest } from '../../model/snapshot.ts';
import type { Surface } from '../canvas/surface.ts';
import type { DrawContext } from '../context.ts';
import type { HelpEntry } from '../panes/pane.ts';
import type { ClientList } from '../state.ts';
import type { Item } from '../widgets/line.ts';

/**
 * What a detail is about. Plain data, taken when the row was opened: the row may be gone by now. Its strings are as they
 * came, for the filter that looks for them; views get them in visible form, and masked if that is asked for.
 * `slow` is the one request that was chosen, for a detail that was opened from the slow requests; else null.
 */
export type DetailTarget =
  | {
      readonly kind: 'path';
      readonly method: string | null;
      /** A route, or with `slow` a path as it was sent; null where Gunicorn did not log it. */
      readonly path: string | null;
      readonly slow: SlowRequest | null;
    }
  | { readonly kind: 'worker'; readonly pid: number; readonly startedAt: IsoTime | null }
  | { readonly kind: 'alert'; readonly alert: AlertRow }
  | { readonly kind: 'event'; readonly event: EventRow }
  | { readonly kind: 'client'; readonly list: ClientList; readonly value: string }
  /** `order`: the groups, by fingerprint, as they stood when it was opened; whoever reads keeps them in place. */
  | { readonly kind: 'errors'; readonly order?: readonly string[] };

export type DetailKind = DetailTarget['kind'];

/** The target of one kind. */
export type TargetOf<Kind extends DetailKind> = Extract<DetailTarget, { kind: Kind }>;

/**
 * How one kind of detail is drawn. Pure, as panes are: the same context and target give the same cells.
 *
 * `context.snapshot` is the detail's own: of a path, worker or client it is asked for with the filter that names it
 * (`method="GET" and route="/users/{id}"`, `worker=26197`, `ip=10.0.0.7`) joined to the filter in force, so that its
 * traffic, latency, status, slow requests, clients, errors and series are those of the target alone; workers,
 * saturation, alerts, verdict and system are never filtered. Of a worker it has `workerHistory`, of an alert
 * `alertValues`: what was recorded of it. `context.snapshot.filterCoverage` says how far back that is whole.
 */
export interface DetailView<Kind extends DetailKind> {
  /** One sentence for the help. */
  readonly summary: string;
  /** What the help explains: what is shown, where it comes from, what permission it needs. */
  readonly help: readonly HelpEntry[];
  /** Last part of the breadcrumb: `GET /users/{id}`, `worker 26197`. */
  readonly title: (target: TargetOf<Kind>) => string;
  /** What is copied of it, in several lines where it is a text; left out: the title. */
  readonly copied?: (context: DrawContext, target: TargetOf<Kind>) => string;
  /** Key figures for the title line, the most important first. */
  readonly figures?: (context: DrawContext, target: TargetOf<Kind>) => readonly Item[];
  /** Lines that all of it takes in `width` cells; what does not fit is scrolled to. */
  readonly height: (context: DrawContext, target: TargetOf<Kind>, width: number) => number;
  /**
   * Draws all of it from line 0. The surface is at least as high as `height` says, and higher where there is room: a
   * chart may then grow. The part that is in sight is cut out of it.
   */
  readonly draw: (surface: Surface, context: DrawContext, target: TargetOf<Kind>) => void;
}

/** A row for each kind. */
export type DetailViews = { readonly [Kind in DetailKind]: DetailView<Kind> };
