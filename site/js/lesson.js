// A lesson's live parts. Each is there in the page before, or without, this script; each module makes its own kind live.
import { showDrawings } from './lesson-figure.js';
import { showHands } from './lesson-hands.js';
import { showHooks } from './lesson-hook.js';
import { showPredictions } from './lesson-predict.js';
import { showPuzzles } from './lesson-puzzle.js';
import { showRuns } from './lesson-run.js';

showHooks();
showHands();
showRuns();
showDrawings();
showPuzzles();
showPredictions(); // last: it withholds what comes after a prediction
