/** The Snapshots that are shown: of the service as a whole, and of the detail that is open. */
import { maskSnapshot } from '../model/mask.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { visibleSnapshot } from './visible-snapshot.ts';

/** A Snapshot in its three forms. */
export interface Picture {
  /** As it came. */
  readonly raw: Snapshot;
  /** Masked, if that is asked for: what is exported. */
  readonly source: Snapshot;
  /** With all its strings visible: what is drawn. */
  readonly drawn: Snapshot;
  /** The question that it answers. */
  readonly key: string;
}

function pictureOf(raw: Snapshot, key: string, masked: boolean): Picture {
  const source = masked ? maskSnapshot(raw) : raw;
  return { raw, source, drawn: visibleSnapshot(source), key };
}

export class Pictures {
  /** Kept while a detail is open, to be there at once when that is closed. */
  #whole: Picture | null = null;
  #detail: Picture | null = null;
  #isDetailOpen = false;
  #isMasked: boolean;

  constructor(isMasked: boolean) {
    this.#isMasked = isMasked;
  }

  /** What is to be seen: the detail that is open, and until that is there what was seen before it. */
  get shown(): Picture | null {
    return (this.#isDetailOpen ? this.#detail : null) ?? this.#whole;
  }

  get whole(): Picture | null {
    return this.#whole;
  }

  get hasDetail(): boolean {
    return this.#detail !== null;
  }

  /**
   * Takes an answer. One to a question that is no longer asked (another window, a pause meanwhile) is not shown, unless
   * nothing is.
   * @returns whether it is shown.
   */
  take(snapshot: Snapshot, key: string, wantedKey: string): boolean {
    if (this.#whole !== null && key !== wantedKey) return false;
    const picture = pictureOf(snapshot, key, this.#isMasked);
    if (this.#isDetailOpen && key === wantedKey) this.#detail = picture;
    else this.#whole = picture;
    return true;
  }

  /**
   * A detail was opened or closed.
   * @param isAnother it shows other lines; alerts and events do not, and are there at once.
   */
  changeSubject(isDetailOpen: boolean, isAnother: boolean): void {
    if (!isAnother && isDetailOpen) this.#detail = this.#whole;
    else {
      if (!isAnother) this.#whole = this.#detail ?? this.#whole;
      this.#detail = null;
    }
    this.#isDetailOpen = isDetailOpen;
  }

  /** Another service is shown: nothing is known of it yet. */
  clear(): void {
    this.#whole = null;
    this.#detail = null;
    this.#isDetailOpen = false;
  }

  mask(isMasked: boolean): void {
    this.#isMasked = isMasked;
    const again = ({ raw, key }: Picture): Picture => pictureOf(raw, key, isMasked);
    this.#whole &&= again(this.#whole);
    this.#detail &&= again(this.#detail);
  }
}
