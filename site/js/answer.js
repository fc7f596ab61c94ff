// The answer: what keeping connections saves for a path and requests of one's own. While a slider moves at most one run is
// under way, and the next is of the latest values.
//
//   knobs ──▶ state ──▶ engine (Worker) ──▶ verdict, why, figure, table ──▶ the race's link
import { Engine } from './engine.js';
import { group, ms, unbroken } from './format.js';
import { State } from './state.js';

const $ = (id) => document.getElementById(id);
const scenario = 'answer';

// The engine's field that a knob sets, and how many of its units one of the knob's is.
const knobs = { rtt: ['rtt_ms', 1], bandwidth: ['down', 1e6], count: ['count', 1], size: ['size', 1e3], connections: ['connections_per_host', 1], loss: ['loss', 1] };

// most is how many bytes of answers are simulated here: more would keep a slow phone busy for seconds.
const most = 50e6;
const visitors = 10; // a second, in the example of what idle connections cost
const timeout = Number($('price').dataset.seconds);
const room = Number($('price').dataset.room);

let engine = null;
let state = null;
let own = null;
let changed = ''; // the knob that was moved last, for the screen reader
let running = false;
let again = false;
let settled = 0;

const say = (text) => { $('status').textContent = text; };
const tidy = (v) => Number(v.toPrecision(12));
const steps = (id) => $(`${id}-slider`).dataset.steps.split(',').map(Number);
const nbsp = (text) => unbroken(text).replace(/(\d) (%|KiB|MiB)/g, '$1\u00a0$2');

// less says how much less b is than a, in whole per cent.
function less(a, b) {
  if (a === 0) return '–';
  const share = ((a - b) / a) * 100;
  return Math.abs(share) < 0.5 ? '0\u00a0%' : `${Math.round(share)}\u00a0%`.replace('-', '\u2212');
}

// verdict is the answer in a line.
function verdict(a, b) {
  const share = less(a.finished_ms, b.finished_ms);
  if (a.requests.failed + b.requests.failed > 0) return `Some requests fail: ${a.requests.failed} with a connection each, ${b.requests.failed} with kept ones.`;
  if (b.connections.reused === 0) return 'It saves nothing here: no connection is used twice.';
  if (share === '0\u00a0%') return 'It saves no time here that anybody could notice.';
  if (b.finished_ms > a.finished_ms) return `It costs time here: ${ms(b.finished_ms - a.finished_ms)} more.`;
  return `It saves ${share} of the time: ${ms(b.finished_ms)} instead of ${ms(a.finished_ms)}.`;
}

function memory(n) {
  return n < 10 * 2 ** 20 ? `${group(Math.round(n / 2 ** 10))} KiB` : `${group(Math.round(n / 2 ** 20))} MiB`;
}

const connections = (n) => nbsp(n === 1 ? '1\u00a0idle connection' : `${group(n)}\u00a0idle connections`);

const sum = ({ up, down }) => up + down;
const rows = {
  time: [(v) => v.finished_ms, ms],
  mean: [(v) => v.latency_ms.mean, ms],
  packets: [(v) => sum(v.packets), group],
  bytes: [(v) => sum(v.bytes), group],
  cpu: [(v) => v.server.cpu_ms, ms],
  opened: [(v) => v.connections.opened, group],
};

function show(answer) {
  const { variants: [a, b] } = JSON.parse(answer.result);
  $('verdict').textContent = nbsp(verdict(a, b));
  $('brief').textContent = $('verdict').textContent;
  $('why').textContent = unbroken(JSON.parse(answer.ledger).finding.split(' It finishes in ')[0]); // which the verdict says
  for (const row of $('costs').tBodies[0].rows) {
    const [of, text] = rows[row.dataset.row];
    [text(of(a)), text(of(b)), less(of(a), of(b))].forEach((t, i) => { row.cells[i + 1].textContent = nbsp(t); });
  }
  const waiting = visitors * timeout * b.connections.peak;
  $('idle').textContent = connections(b.connections.peak);
  $('memory').textContent = nbsp(memory(b.server.peak_memory));
  $('idle-all').textContent = connections(waiting);
  $('full').hidden = waiting <= room;
  $('memory-all').textContent = nbsp(memory(visitors * timeout * b.server.peak_memory));
  $('luck').hidden = state.values.loss === 0;
  $('overflow').hidden = state.values.loss > 0 || a.packets.dropped + b.packets.dropped === 0;
  const svg = new DOMParser().parseFromString(JSON.parse(answer.figures).totals, 'image/svg+xml').documentElement;
  $('totals').replaceChildren(document.importNode(svg, true));
  const hash = state.hash();
  $('race').href = `index.html#${hash}`;
  $('answer').dataset.of = hash; // what is shown is the answer to
  clearTimeout(settled);
  settled = setTimeout(settle, 1000);
}

// settle tells the screen reader and the address, when the knobs have been left alone for a second.
function settle() {
  state.remember();
  if (changed) say(`${changed}. ${$('verdict').textContent}`);
  changed = '';
}

// run answers the latest question.
async function run() {
  again = true;
  if (running) return;
  running = true;
  while (again) {
    again = false;
    const bytes = state.values.count * state.values.size;
    if (bytes > most) {
      say(`That is ${group(Math.round(bytes / 1e6))} MB of answers, more than a page should simulate: the command line does it, keepalive compare answer --set …`);
      continue;
    }
    if ($('status').textContent.startsWith('That is')) say('');
    try {
      show(await engine.ask('run', { scenario, set: state.sets(), figures: true, only: 'totals', totals_width: Math.max(280, $('totals').clientWidth) }));
    } catch (error) { say(`This cannot be answered: ${error.message}`); }
  }
  running = false;
}

// place puts a slider where a value is, or at the step next to it.
function place(id, v) {
  const all = steps(id);
  const near = all.reduce((best, step, i) => (Math.abs(Math.log((step + 1e-3) / (v + 1e-3))) < Math.abs(Math.log((all[best] + 1e-3) / (v + 1e-3))) ? i : best), 0);
  $(`${id}-slider`).value = near;
  tell(id, v);
}

// tell gives the slider the value in words.
function tell(id, v) { $(`${id}-slider`).setAttribute('aria-valuetext', `${v} ${$(`${id}-slider`).dataset.unit}`.trim()); }

function set(id, v) {
  const [field, unit] = knobs[id];
  state.change(field, tidy(v * unit));
  const label = document.querySelector(`label[for=${id}]`).textContent;
  changed = `${label} ${v} ${$(`${id}-slider`).dataset.unit}`.trim();
  run();
}

// typed takes a number, or says which are allowed.
function typed(id) {
  const input = $(id);
  const right = input.checkValidity();
  $(`${id}-wrong`).textContent = right ? '' : `${input.min} to ${group(input.max)}${input.step === '1' ? ', whole' : ''}`;
  input.setAttribute('aria-invalid', !right);
  if (!right) return;
  place(id, input.valueAsNumber);
  set(id, input.valueAsNumber);
}

// turn shows the state in every control.
function turn() {
  for (const [id, [field, unit]] of Object.entries(knobs)) {
    const v = tidy(state.values[field] / unit);
    $(id).value = v;
    $(`${id}-wrong`).textContent = '';
    $(id).removeAttribute('aria-invalid');
    place(id, v);
  }
  $('tls').value = state.values.tls;
}

// adopt begins with what a link says of the scenario.
function adopt(hash) {
  state = new State(hash);
  state.scenario = scenario;
  state.adopt(own);
  turn();
  run();
}

function listen() {
  for (const id of Object.keys(knobs)) {
    const slider = $(`${id}-slider`);
    slider.max = steps(id).length - 1;
    slider.addEventListener('input', () => {
      const v = steps(id)[slider.valueAsNumber];
      $(id).value = v;
      tell(id, v);
      $(`${id}-wrong`).textContent = '';
      set(id, v);
    });
    $(id).addEventListener('input', () => typed(id));
  }
  $('tls').addEventListener('change', () => {
    state.change('tls', $('tls').value);
    changed = `TLS ${$('tls').value}`;
    run();
  });
  $('reset').addEventListener('click', () => { changed = 'Reset'; adopt(''); });
  $('knobs').addEventListener('submit', (event) => event.preventDefault());
  for (const row of $('cases').tBodies[0].rows) offer(row);
  addEventListener('hashchange', ({ newURL }) => { if (!newURL.endsWith('#main')) adopt(location.hash); });
  let width = $('totals').clientWidth;
  new ResizeObserver(() => {
    if (Math.abs($('totals').clientWidth - width) < 20) return;
    width = $('totals').clientWidth;
    run();
  }).observe($('totals'));
}

// offer makes a case's name a button that puts it to the knobs.
function offer(row) {
  const name = row.querySelector('.name');
  const button = Object.assign(document.createElement('button'), { type: 'button', className: 'name', textContent: name.textContent });
  button.addEventListener('click', () => {
    changed = name.textContent;
    adopt(row.dataset.link);
    $('answer').scrollIntoView({ block: 'nearest' });
  });
  name.replaceWith(button);
}

for (const id of Object.keys(knobs)) {
  $(`${id}-slider`).max = steps(id).length - 1;
  place(id, $(id).valueAsNumber);
}
$('knobs').inert = true; // until the simulator can answer
try {
  engine = new Engine();
  const slow = setTimeout(() => say('Loading the simulator …'), 700);
  own = JSON.parse((await engine.ask('settings', { scenario })).settings);
  clearTimeout(slow);
  say('');
  listen();
  $('knobs').inert = false;
  adopt(location.hash);
} catch (error) {
  say(`The simulator did not start: ${error.message}. What stands here is the answer for the first values; it needs a browser with WebAssembly to answer for others.`);
}
