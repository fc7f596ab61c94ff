// A lesson's live parts: a prediction that is locked before the run, the run, and a puzzle that the engine checks.
import { Engine } from './engine.js';
import { fill, group, ms } from './format.js';

const lesson = document.querySelector('[data-scenario]').dataset;
const sets = JSON.parse(lesson.sets);
const engine = new Engine();
const run = async (extra = []) => {
  const answer = await engine.ask('run', { scenario: lesson.scenario, set: [...sets, ...extra] });
  return { ...JSON.parse(answer.result), ledger: JSON.parse(answer.ledger) };
};
const variant = (result, name) => result.variants.find((v) => v.name === name);

// judged says how far off a prediction is, in per cent.
function judged(off) {
  const by = Math.abs(off);
  return by < 3 ? 'You were right, to within 3 %.' : `You were ${by.toFixed(0)} % too ${off > 0 ? 'high' : 'low'}: read on to see why.`;
}

for (const box of document.querySelectorAll('.run')) {
  const button = box.querySelector('button');
  box.hidden = false;
  button.addEventListener('click', async () => {
    const out = box.querySelector('output');
    out.textContent = 'Running …';
    try {
      const result = await run();
      fill(box.querySelector('table'), ['', ...result.variants.map((v) => v.name)], [
        ['finished', ...result.variants.map((v) => ms(v.finished_ms))],
        ['connections opened', ...result.variants.map((v) => group(v.connections.opened))],
        ['packets', ...result.variants.map((v) => group(v.packets.up + v.packets.down))]]);
      out.textContent = result.ledger.finding;
    } catch (error) { out.textContent = error.message; }
  });
}

for (const form of document.querySelectorAll('form.puzzle')) {
  const verdict = form.querySelector('output');
  form.hidden = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const chosen = [...form.querySelectorAll('input')].map((i) => `${i.name}=${i.value}${i.dataset.unit}`);
    verdict.textContent = 'Running …';
    try {
      const result = await run(chosen);
      const [a, b] = [variant(result, 'per-request').finished_ms, variant(result, 'persistent').finished_ms];
      const saving = (a - b) / a * 100;
      const solved = saving < Number(form.dataset.below);
      verdict.textContent = `${ms(a)} against ${ms(b)}: hanging up costs ${saving.toFixed(1)} % of the time. ` +
        (solved ? 'Solved.' : `Not yet: it must be less than ${form.dataset.below} %.`);
      verdict.dataset.solved = solved;
    } catch (error) { verdict.textContent = error.message; }
  });
}

// withhold hides what comes after a prediction, which would give the answer away, and returns what shows it.
function withhold(form) {
  const rest = [];
  for (let e = form.nextElementSibling; e; e = e.nextElementSibling) rest.push(e);
  const skip = Object.assign(document.createElement('button'), { type: 'button', className: 'skip-prediction', textContent: 'Read on without one' });
  const reveal = () => {
    for (const e of rest) e.hidden = false;
    skip.remove();
  };
  for (const e of rest) e.hidden = true;
  form.querySelector('button').after(skip);
  skip.addEventListener('click', () => {
    reveal();
    form.querySelector('input').focus();
  });
  return reveal;
}

for (const form of document.querySelectorAll('form.predict')) {
  const [input, verdict] = [form.querySelector('input'), form.querySelector('output')];
  form.hidden = false;
  const reveal = withhold(form);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const guess = Number(input.value);
    input.readOnly = true;
    form.querySelector('button').disabled = true;
    reveal();
    verdict.textContent = `Your prediction of ${ms(guess)} is locked. Running …`;
    try {
      const is = variant(await run(), form.dataset.variant).finished_ms;
      verdict.textContent = `You predicted ${ms(guess)}; the run took ${ms(is)}. ${judged((guess - is) / is * 100)}`;
    } catch (error) { verdict.textContent = error.message; }
  });
}
