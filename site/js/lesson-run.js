// The engine's runs of a lesson's scenario, and the block that shows one in a table.
import { Engine } from './engine.js';
import { bytes, fill, group, ms } from './format.js';
import { say } from './lesson-say.js';

const lesson = document.querySelector('[data-scenario]').dataset;
const sets = JSON.parse(lesson.sets);
let engine = null; // fetched only once something runs

// run asks for a run with settings over the lesson's own.
export async function run(set = [], wish = {}) {
  engine ??= new Engine();
  const answer = await engine.ask('run', { scenario: lesson.scenario, set: [...sets, ...set], ...wish });
  const read = (name) => answer[name] && JSON.parse(answer[name]);
  return { result: read('result'), ledger: read('ledger'), figures: read('figures'), tables: read('tables') };
}

const rows = [
  ['run.finished', (v) => ms(v.finished_ms)],
  ['run.opened', (v) => group(v.connections.opened)],
  ['run.reused', (v) => group(v.connections.reused)],
  ['run.packets', (v) => group(v.packets.up + v.packets.down)],
  ['run.bytes', (v) => bytes(v.bytes.up + v.bytes.down)],
];

export function showRuns() {
  for (const box of document.querySelectorAll('.run')) {
    const [button, out] = [box.querySelector('button'), box.querySelector('output')];
    box.hidden = false;
    button.addEventListener('click', async () => {
      out.textContent = say('run.running');
      try {
        const { result, ledger } = await run(JSON.parse(box.dataset.set));
        fill(box.querySelector('table'), ['', ...result.variants.map((v) => v.name)], rows.map(([key, of]) => [say(key), ...result.variants.map(of)]));
        out.textContent = ledger.finding;
      } catch (error) { out.textContent = error.message; }
    });
  }
}
