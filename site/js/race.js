// The race page: a scenario and its sliders are run by the engine; stage, figures and tables show the runs.
//
//   controls ──▶ state ──▶ engine (Worker) ──▶ result, ledger, figures ──▶ tables, figures
//                  │                      └──▶ logs ──▶ playback ──▶ stage (iframe)
//                  └──▶ the address
import { Chosen } from './chosen.js';
import { Controls } from './controls.js';
import { Engine } from './engine.js';
import { Events } from './events.js';
import { moveCursors, showFigures } from './figures.js';
import { ms, unbroken } from './format.js';
import { Playback } from './playback.js';
import { Screen } from './screen.js';
import { State, usual } from './state.js';
import { finding, reasons, showLedger, showResults } from './tables.js';

const $ = (id) => document.getElementById(id);
const engine = new Engine();
const state = new State(location.hash);
const playback = new Playback(state, {
  moved, shortcut, chosen: (what) => chosen.show(what), events: (list) => events.show(list), failed: (text) => say(text, 'error'),
});
const chosen = new Chosen(state, playback, engine);
const events = new Events(state, playback);
const screen = new Screen(state, playback);
const controls = new Controls(state, run);
let notice = ''; // what is still to be said when the first run is shown

// say tells how things stand: '' when all is well.
function say(text, kind = '') {
  $('status').textContent = text;
  $('status').className = `status ${kind}`;
}

function moved(t, playing) {
  moveCursors(t);
  events.moved(t, playing);
}

// shortcut obeys the keys that are none of the player's, and tells whether it was one.
function shortcut(key) {
  if (key === 'f' || key === 'F') screen.toggle();
  else if (key !== 'Escape' || !chosen.clear()) return false;
  return true;
}

// once runs f, and once more if it was asked for meanwhile: a slider that moves on asks for the last value only.
function once(f) {
  let running = false;
  let again = false;
  return async () => {
    again = true;
    if (running) return;
    running = true;
    while (again) {
      again = false;
      await f();
    }
    running = false;
  };
}
const race = once(simulate);

function run() {
  state.remember();
  race();
}

async function simulate() {
  const slow = setTimeout(() => say('Simulating …'), 300);
  try {
    const { scenario } = state;
    if (!state.own) {
      const answer = await engine.ask('settings', { scenario });
      if (scenario !== state.scenario) return;
      state.adopt(JSON.parse(answer.settings));
      controls.show();
    }
    document.querySelector('.columns').classList.toggle('many', state.lanes.length > 2); // before the figures are measured for it
    const width = $('waterfall').clientWidth;
    const totals = $('totals').clientWidth || $('results').clientWidth;
    const answer = await engine.ask('run', { scenario, set: state.sets(), lanes: state.lanes, log: true, figures: true, width, totals_width: totals });
    if (scenario === state.scenario) show(answer);
    say(notice);
    notice = '';
  } catch (error) {
    say(`This race cannot be run: ${error.message}. Move a slider back, or press Reset.`, 'error');
  } finally {
    clearTimeout(slow);
  }
  state.remember();
}

function show(answer) {
  const result = JSON.parse(answer.result);
  const ledger = JSON.parse(answer.ledger);
  $('about').textContent = unbroken(answer.about);
  $('finding').textContent = finding(ledger);
  $('why').replaceChildren(...reasons(ledger).map((text) => Object.assign(document.createElement('p'), { textContent: unbroken(text) })));
  showResults($('results'), result);
  showLedger($('ledger'), ledger);
  showFigures(JSON.parse(answer.figures));
  events.reset();
  playback.load(answer.logs, Math.max(...result.variants.map((v) => v.finished_ms)), reasons(ledger));
  moveCursors(state.t);
}

function choose(scenario) {
  playback.leave();
  state.pick(scenario);
  run();
}

// copy puts the address on the clipboard, also where only the old way works: a page that is not served over TLS.
async function copy() {
  state.remember();
  try {
    await navigator.clipboard.writeText(location.href);
  } catch {
    const text = Object.assign(document.createElement('textarea'), { value: location.href, className: 'aside' });
    document.body.append(text);
    text.select();
    const copied = document.execCommand('copy');
    text.remove();
    $('copy').focus();
    if (!copied) return say('The browser does not let the page copy: copy the address from its bar.');
  }
  return say(`Link copied. It shows this race at ${ms(state.t)}.`);
}

$('scenario').addEventListener('change', () => choose($('scenario').value));
$('copy').addEventListener('click', copy);
$('reset').addEventListener('click', () => {
  if (!state.own) return;
  playback.leave();
  state.reset();
  controls.show();
  run();
});
// Another link in the address is another race; the link that skips to the content is none.
addEventListener('hashchange', ({ newURL }) => (newURL.endsWith('#main') ? state.remember() : location.reload()));

async function start() {
  try {
    const { scenarios } = await engine.ask('scenarios');
    const all = JSON.parse(scenarios);
    if (!all.some((s) => s.name === state.scenario)) {
      notice = `There is no scenario “${state.scenario}”; this is the usual one.`;
      state.pick(usual);
    }
    $('scenario').append(...all.map((s) => new Option(s.title, s.name, false, s.name === state.scenario)));
    run();
  } catch (error) {
    say(`The simulator did not start: ${error.message}. Reload the page; it needs a browser with WebAssembly.`, 'error');
  }
}
start();
