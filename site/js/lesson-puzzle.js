// A puzzle: fields within ranges, a run of the engine, and a goal that its outcome reaches or does not.
import { comparisons, evaluate, outcome } from './lesson-goal.js';
import { settings } from './lesson-fields.js';
import { run } from './lesson-run.js';
import { data, make, quantity, say } from './lesson-say.js';

// line says of one comparison what was reached and what is wanted.
function line({ name, unit, operator, is, wanted, reached }) {
  const value = (v) => (typeof v === 'number' ? quantity(v, unit) : String(v));
  const state = reached ? say('puzzle.reached') : say('puzzle.wanted', { op: say(`puzzle.${operator}`), value: value(wanted) });
  return make('li', { className: reached ? 'reached' : 'missing', textContent: `${name}: ${value(is)}, ${state}` });
}

export function showPuzzles() {
  for (const form of document.querySelectorAll('form.puzzle')) {
    const verdict = form.querySelector('.verdict');
    const goal = data(form);
    form.hidden = false;
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      verdict.textContent = say('puzzle.running');
      delete form.dataset.solved;
      try {
        const came = outcome(await run([...JSON.parse(form.dataset.set), ...settings(form)]));
        const solved = evaluate(goal, came);
        verdict.replaceChildren(make('p', { className: 'said', textContent: say(solved ? 'puzzle.solved' : 'puzzle.missing') }),
          make('ul', {}, ...comparisons(goal, came).map(line)));
        form.dataset.solved = solved;
        const after = form.querySelector('.after');
        if (solved && after) after.hidden = false;
      } catch (error) { verdict.textContent = error.message; }
    });
  }
}
