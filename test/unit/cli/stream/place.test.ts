import { describe, expect, it } from 'vitest';
import { Place } from '../../../../src/cli/stream/place.ts';
import type { Checkpoint } from '../../../../src/sources/follow/index.ts';
import type { LogSource } from '../../../../src/sources/logs.ts';

/** A log whose lines are read by `read` and given out by `give`; its checkpoint is the number of lines read. */
class Source {
  read = 0;
  given = 0;
  hasReadHistory = true;

  get place(): Place {
    const follower = { checkpoint: () => at(this.read) };
    const mark = () => {
      const due = this.read;
      return () => this.given >= due;
    };
    const hasReadHistory = () => this.hasReadHistory;
    const source = {
      follower,
      mark,
      get hasReadHistory() {
        return hasReadHistory();
      },
    };
    return new Place(source as unknown as LogSource, null);
  }
}

const at = (lines: number): Checkpoint => ({ folderDev: BigInt(lines), open: [], known: [] });
const linesOf = (place: Place): number | null => {
  const json = place.toJson() as { folderDev: string } | null;
  return json && Number(json.folderDev);
};

describe('the place that is remembered', () => {
  it('is nowhere before anything was delivered', () => {
    const place = new Source().place;
    expect(linesOf(place)).toBeNull();
    place.mark();
    expect(linesOf(place)).toBeNull();
  });

  it('is nowhere before what was there at the start has been read back', () => {
    const source = new Source();
    const { place } = source;
    source.hasReadHistory = false;
    source.read = source.given = 7;
    place.mark();
    place.handOver()();
    expect(linesOf(place)).toBeNull();
    source.hasReadHistory = true;
    place.mark();
    place.handOver()();
    expect(linesOf(place)).toBe(7);
  });

  it('is behind everything that was given out, once the reader has it', () => {
    const source = new Source();
    const { place } = source;
    source.read = source.given = 7;
    place.mark();
    place.handOver()();
    expect(linesOf(place)).toBe(7);
  });

  it('is not that of what was read while the reader took its time', () => {
    const source = new Source();
    const { place } = source;
    Object.assign(source, { read: 5, given: 5 });
    place.mark();
    const taken = place.handOver();
    Object.assign(source, { read: 8, given: 8 });
    place.mark();
    taken();
    expect(linesOf(place)).toBe(5);
  });

  it('stays before what is read but held back, however much comes behind it', () => {
    const source = new Source();
    const { place } = source;
    Object.assign(source, { read: 5, given: 5 });
    place.mark();
    Object.assign(source, { read: 8, given: 7 });
    place.mark();
    place.handOver()();
    expect(linesOf(place)).toBe(5);
    Object.assign(source, { read: 9, given: 7 });
    place.mark();
    place.handOver()();
    expect(linesOf(place)).toBe(5);
  });

  it('follows a log that always holds something back', () => {
    const source = new Source();
    const { place } = source;
    for (let read = 1; read <= 100; read++) {
      Object.assign(source, { read, given: read - 1 });
      place.mark();
      place.handOver()();
    }
    expect(linesOf(place)).toBe(99);
  });

  it('is that of the run before until something was delivered', () => {
    const source = { follower: { checkpoint: () => at(9) }, mark: () => () => false } as unknown as LogSource;
    const place = new Place(source, at(3));
    place.mark();
    place.handOver()();
    expect(linesOf(place)).toBe(3);
  });
});
