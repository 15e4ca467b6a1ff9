/** The lines that are typed at the foot of the screen: filters and commands. */
import { isCommand } from '../command-table.ts';
import type { LineCommand } from '../input/advice.ts';
import {
  type Adviser,
  advised,
  openPrompt,
  type PromptKind,
  type PromptState,
  pasted,
  pressKey,
  refused,
} from '../input/prompt.ts';
import type { Effect, Screen } from './screen.ts';

/** Nothing is known until it is loaded; the line can be typed all the same. */
const adviserOf =
  (screen: Screen): Adviser =>
  (kind, line) =>
    screen.parts.advice.now?.advise(kind, line, screen.state.focus) ?? null;

function open(screen: Screen, kind: PromptKind): void {
  screen.dispatch({ type: 'prompt', prompt: openPrompt(kind, adviserOf(screen)) });
}

/** A key while a line is open. */
export function typeKey(screen: Screen, prompt: PromptState, key: string): void | Promise<void> {
  const outcome = pressKey(prompt, key, { adviser: adviserOf(screen), history: screen.history[prompt.kind] });
  if (outcome?.type === 'accepted') return accept(screen, prompt, outcome.text);
  if (outcome !== null) screen.dispatch({ type: 'prompt', prompt: outcome.type === 'typed' ? outcome.prompt : null });
}

/** A paste goes into the line that is open; without one it is nothing. */
export function typePaste(screen: Screen, text: string): void {
  const { prompt } = screen.state;
  if (prompt !== null) screen.dispatch({ type: 'prompt', prompt: pasted(prompt, text, adviserOf(screen)) });
}

/** What advises has been loaded: the open line hears of it. */
export function adviseOpenLine(screen: Screen): void {
  const { prompt } = screen.state;
  if (prompt !== null && prompt.advice === null)
    screen.dispatch({ type: 'prompt', prompt: advised(prompt, adviserOf(screen)) });
}

async function accept(screen: Screen, prompt: PromptState, text: string): Promise<void> {
  // Also when it was typed faster than loaded.
  const { complaintAbout, commandOf } = await screen.parts.advice.get().catch((error: unknown) => {
    // What is said of it stands where the line stood.
    screen.dispatch({ type: 'prompt', prompt: null });
    throw error;
  });
  const complaint = text === '' ? null : complaintAbout(prompt.kind, text);
  if (complaint !== null) {
    screen.dispatch({ type: 'prompt', prompt: refused(screen.state.prompt ?? prompt, complaint) });
    return;
  }
  screen.dispatch({ type: 'prompt', prompt: null });
  if (text !== '') screen.remember(prompt.kind, text);
  if (prompt.kind === 'filter') setFilter(screen, text);
  else if (text !== '') await runLine(screen, commandOf(text, screen.state.focus));
}

function setFilter(screen: Screen, text: string): void {
  const filter = text === '' ? null : text;
  screen.dispatch({ type: 'filter', filter });
}

/** Its name is checked already. */
function runLine(screen: Screen, { name, argument }: LineCommand): void | Promise<void> {
  // Written out it is meant, whatever lies over the panes.
  if (name === 'quit') screen.dispatch({ type: 'quit', now: true });
  else if (isCommand(name)) return screen.run(name, argument);
}

function filter(screen: Screen, argument: string | null): void | Promise<void> {
  if (argument !== null) return checkFilter(screen, argument);
  open(screen, 'filter');
}

async function checkFilter(screen: Screen, argument: string): Promise<void> {
  const { complaintAbout } = await screen.parts.advice.get();
  const complaint = complaintAbout('filter', argument);
  if (complaint !== null) screen.notify(complaint);
  else {
    screen.remember('filter', argument);
    setFilter(screen, argument);
  }
}

export const PROMPTS = {
  filter,
  command: (screen) => open(screen, 'command'),
} as const satisfies Record<string, Effect>;
