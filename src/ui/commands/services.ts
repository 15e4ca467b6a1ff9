/** Another of several Gunicorns. */
import { type Effect, messageOf, type Screen } from './screen.ts';

/** By its number or its pid, else so many on from the one shown. */
function indexOf({ feed: { services } }: Screen, argument: string | null, step: number): number | null {
  if (services === undefined) return null;
  const { rows, shown } = services;
  if (argument === null) return (shown + step + rows.length) % rows.length;
  const number = Number(argument);
  const byPid = rows.findIndex(({ pid }) => pid === number);
  return number >= 1 && number <= rows.length && Number.isInteger(number) ? number - 1 : byPid === -1 ? null : byPid;
}

const show =
  (step: number): Effect =>
  async (screen, argument) => {
    const { services } = screen.feed;
    if (services === undefined) {
      // In less and vim the same key goes to the next that was found.
      const { filter } = screen.state;
      screen.notify(
        filter === null
          ? 'gtop watches the only Gunicorn that it was told of, or found'
          : 'all that is shown passes the filter; there is no other Gunicorn to go to',
      );
      return;
    }
    const index = indexOf(screen, argument, step);
    if (index === null) screen.notify(`no Gunicorn '${argument ?? ''}': 1 to ${services.rows.length}, or a pid`);
    else if (index !== services.shown) {
      try {
        await services.show(index);
        screen.dispatch({ type: 'service' });
      } catch (error) {
        screen.notify(messageOf(error), 'critical');
      }
    }
  };

export const SERVICES = {
  gunicorn: show(1),
  'previous-gunicorn': show(-1),
} as const satisfies Record<string, Effect>;
