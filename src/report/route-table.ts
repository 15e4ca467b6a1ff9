/** Routes of the report, found from method and path at the price of one look-up. */
import { createFolder, type RouteOptions } from '../model/routes.ts';
import { createRouteCell, type RouteCell } from './cells.ts';
import { TopKeys } from './top-keys.ts';

/** A route with more than 32 requests holds 8 kB, so all together at most 32 MB. */
const ROUTES = 4096;
/** Paths whose route is remembered; when full, all are forgotten. */
const REMEMBERED = 16_384;

const SEPARATOR = ' ';

export class RouteTable {
  readonly cells: TopKeys<string, RouteCell>;
  readonly #route: (path: string) => string;
  /** By method, then by path as it stands: most lines need neither folding nor a joined key. */
  readonly #remembered = new Map<string, Map<string, RouteCell>>();
  #rememberedCount = 0;
  #method = '';
  #paths = new Map<string, RouteCell>();

  constructor(options: RouteOptions) {
    this.#route = createFolder(options);
    this.#remembered.set(this.#method, this.#paths);
    this.cells = new TopKeys({
      capacity: ROUTES,
      create: (key) => {
        const split = key.indexOf(SEPARATOR);
        return createRouteCell(key.slice(0, split), key.slice(split + 1));
      },
      // What takes the workers' time may be rare, and what is asked for often may be cheap.
      weights: [(cell) => cell.count, (cell) => cell.durations.sumMicroseconds],
      onEvict: () => this.#forget(),
    });
  }

  at(method: string, path: string): RouteCell {
    if (method !== this.#method) this.#change(method);
    return this.#paths.get(path) ?? this.#add(method, path);
  }

  #change(method: string): void {
    this.#method = method;
    let paths = this.#remembered.get(method);
    if (paths === undefined) {
      paths = new Map();
      this.#remembered.set(method, paths);
    }
    this.#paths = paths;
  }

  #add(method: string, path: string): RouteCell {
    // First the cell: making room for it may forget what is remembered.
    const cell = this.cells.at(method + SEPARATOR + this.#route(path));
    if (this.#rememberedCount >= REMEMBERED) this.#forget();
    this.#rememberedCount++;
    this.#paths.set(path, cell);
    return cell;
  }

  /** An evicted cell must not be counted into. */
  #forget(): void {
    if (this.#rememberedCount === 0) return;
    this.#rememberedCount = 0;
    this.#remembered.clear();
    this.#paths = new Map();
    this.#remembered.set(this.#method, this.#paths);
  }
}
