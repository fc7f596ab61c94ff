import { Engine } from './engine.js';
import { fill, group, ms } from './format.js';
import { dark } from './theme.js';

const $ = (id) => document.getElementById(id);
const rates = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 1000];
const sizes = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const engine = new Engine();
const state = { scenario: 'gallery', rtt: 100, rate: 4, count: 20, size: 4, t: 0, speed: 2, ...Object.fromEntries(
  [...new URLSearchParams(location.hash.slice(1))].map(([k, v]) => [k, k === 'scenario' ? v : Number(v)])) };
let race = null, touched = new Set(), playing = false;

function show() {
  $('rtt-out').textContent = `${state.rtt} ms`; $('rtt').value = state.rtt;
  $('rate-out').textContent = `${rates[state.rate]} Mbit/s`; $('rate').value = state.rate;
  $('count-out').textContent = state.count; $('count').value = state.count;
  $('size-out').textContent = `${sizes[state.size]} kB`; $('size').value = state.size;
  const step = 10 ** state.speed;
  $('speed').value = state.speed; $('speed-out').textContent = `1 s = ${step < 10 ? step.toFixed(1) : Math.round(step)} ms`;
}
function remember() { history.replaceState(null, '', '#' + new URLSearchParams(state)); }

async function run() {
  const set = state.scenario === 'gallery' || touched.size ? [`link.rtt=${state.rtt}ms`, `link.down=${rates[state.rate]}Mbit/s`, `link.up=${rates[state.rate]}Mbit/s`] : [];
  if (state.scenario === 'gallery') set.push(`workload.sequence.count=${state.count}`, `workload.sequence.size=${sizes[state.size] * 1000}B`);
  try {
    const answer = await engine.ask('run', { scenario: state.scenario, set, log: true });
    race = { result: JSON.parse(answer.result), ledger: JSON.parse(answer.ledger), logs: answer.logs };
    $('about').textContent = answer.about; $('status').textContent = '';
    draw(); load();
  } catch (e) { $('status').textContent = e.message; }
  remember();
}

function draw() {
  const { variants } = race.result;
  const end = Math.max(...variants.map((v) => v.finished_ms));
  $('time').max = end;
  const rows = [['finished', (v) => ms(v.finished_ms)], ['mean latency', (v) => ms(v.latency_ms.mean)], ['requests', (v) => `${v.requests.ok} ok, ${v.requests.failed} failed`],
    ['connections opened', (v) => group(v.connections.opened)], ['packets up / down', (v) => `${group(v.packets.up)} / ${group(v.packets.down)}`],
    ['bytes up / down', (v) => `${group(v.bytes.up)} / ${group(v.bytes.down)}`], ['server CPU', (v) => ms(v.server.cpu_ms)], ['peak server memory', (v) => `${group(Math.round(v.server.peak_memory / 1024))} KiB`]];
  fill($('results'), ['', ...variants.map((v) => v.name)], rows.map(([label, f]) => [label, ...variants.map(f)]));
  variants.forEach((v, i) => { $('results').tBodies[0].rows[0].cells[i + 1].id = `finished-${'AB'[i] ?? i}`; $('results').tBodies[0].rows[0].cells[i + 1].dataset.ms = v.finished_ms; });
  const { columns, rows: causes, total } = race.ledger.table;
  fill($('ledger'), ['ms', ...columns], [...causes.map((r) => [r.cause.replaceAll('_', ' '), ...r.cells]), ['total', ...total]]);
  $('finding').textContent = race.ledger.finding ?? '';
  const box = $('waterfall'); box.replaceChildren();
  variants.forEach((v, n) => v.per_request.slice(0, 30).forEach((r, i) => {
    const bar = document.createElement('div'); bar.className = 'bar';
    const name = document.createElement('b'); name.textContent = `${'ABCD'[n]} ${i + 1}`; bar.append(name);
    let at = r.start_ms;
    for (const phase of ['blocked', 'connect', 'send', 'wait', 'receive']) {
      const span = document.createElement('span'); span.className = phase;
      span.style.left = `${at / end * 100}%`; span.style.width = `${r[phase + '_ms'] / end * 100}%`; if (r[phase + '_ms'] > 0) bar.append(span); at += r[phase + '_ms'];
    }
    box.append(bar);
  }));
}

// The stage: an iframe of its own document. State lives here, so a lost one is simply made again.
const frame = $('stage');
let stageReady = false;
const tell = (message, transfer = []) => frame.contentWindow?.postMessage(message, '*', transfer);
function load() {
  if (!stageReady || !race) return;
  tell({ type: 'load', logs: race.logs });
  tell({ type: 'speed', nsPerSecond: 10 ** state.speed * 1e6 });
  tell({ type: 'theme', dark: dark() });
  tell({ type: 'seek', ms: state.t });
}
addEventListener('message', ({ source, data }) => {
  if (source !== frame.contentWindow) return;
  switch (data.type) {
    case 'ready': stageReady = true; load(); break;
    case 'tick': state.t = data.ms; playing = data.playing; $('time').value = data.ms; $('time-out').textContent = ms(data.ms);
      $('play').textContent = playing ? 'Pause' : 'Play'; if (!playing) { $('live').textContent = data.text ?? ''; remember(); } break;
    case 'height': frame.style.height = `${data.px}px`; break;
    case 'lost': stageReady = false; frame.src = frame.src; break;
    case 'error': $('status').textContent = data.text; break;
    case 'click': $('play').click(); break;
  }
});
frame.src = 'stage.html';
addEventListener('theme', ({ detail }) => tell({ type: 'theme', dark: detail }));

for (const id of ['rtt', 'rate', 'count', 'size']) $(id).addEventListener('input', () => { state[id] = Number($(id).value); touched.add(id); show(); run(); });
$('scenario').addEventListener('change', () => { state.scenario = $('scenario').value; touched.clear(); state.t = 0; run(); });
$('controls').addEventListener('submit', (e) => e.preventDefault());
$('play').addEventListener('click', () => tell({ type: playing ? 'pause' : 'play' }));
$('start').addEventListener('click', () => tell({ type: 'seek', ms: 0 }));
$('back').addEventListener('click', () => tell({ type: 'step', unit: $('unit').value, dir: -1 }));
$('step').addEventListener('click', () => tell({ type: 'step', unit: $('unit').value, dir: 1 }));
$('time').addEventListener('input', () => { state.t = Number($('time').value); tell({ type: 'seek', ms: state.t }); });
$('speed').addEventListener('input', () => { state.speed = Number($('speed').value); show(); remember(); tell({ type: 'speed', nsPerSecond: 10 ** state.speed * 1e6 }); });

show();
engine.ask('scenarios').then((a) => {
  for (const s of JSON.parse(a.scenarios)) $('scenario').append(new Option(s.title, s.name, false, s.name === state.scenario));
  return run();
}).catch((e) => { $('status').textContent = e.message; });
