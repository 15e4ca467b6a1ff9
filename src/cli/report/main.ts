/** Entry of the thread that reads a part of a report's log, a bundle of its own. */
import { runPart } from './part.ts';

void runPart();
