// What a race cost and where its time went, in tables.
import { bytes, fill, group, ms, unbroken } from './format.js';

const letters = 'ABCD';

const costs = [
  ['finished', (v) => ms(v.finished_ms)],
  ['mean latency', (v) => ms(v.latency_ms.mean)],
  ['95th percentile', (v) => ms(v.latency_ms.p95)],
  ['requests answered', (v) => group(v.requests.ok)],
  ['requests failed', (v) => group(v.requests.failed)],
  ['connections opened', (v) => group(v.connections.opened)],
  ['requests on a kept one', (v) => group(v.connections.reused)],
  ['packets up', (v) => group(v.packets.up)],
  ['packets down', (v) => group(v.packets.down)],
  ['packets lost', (v) => group(v.packets.dropped)],
  ['bytes up', (v) => group(v.bytes.up)],
  ['bytes down', (v) => group(v.bytes.down)],
  ['server CPU', (v) => ms(v.server.cpu_ms)],
  ['peak server memory', (v) => bytes(v.server.peak_memory)],
  ['TIME_WAIT at the server', (v) => group(v.server.time_wait_peak)],
  ['TIME_WAIT at the clients', (v) => group(v.connections.time_wait_peak)],
];

// reachable lets the keyboard scroll a table that is wider than its card.
function reachable(box) {
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  else box.removeAttribute('tabindex');
}
const sizes = new ResizeObserver((all) => all.forEach(({ target }) => reachable(target)));
for (const box of document.querySelectorAll('.scroll')) sizes.observe(box);

const title = (name, i) => `${letters[i] ?? i + 1} ${name}`;

export function showResults(table, { variants }) {
  fill(table, ['', ...variants.map((v, i) => title(v.name, i))], costs.map(([label, f]) => [label, ...variants.map(f)]));
  variants.forEach((v, i) => {
    const finished = table.tBodies[0].rows[0].cells[i + 1];
    finished.id = `finished-${letters[i] ?? i + 1}`;
    finished.dataset.ms = v.finished_ms;
    if (v.stopped) finished.textContent += ` (stopped: ${v.stopped})`;
  });
  reachable(table.parentElement);
}

export function showLedger(table, ledger) {
  const { columns, rows, total } = ledger.table;
  const head = columns.map((name, i) => (name === 'difference' ? 'B\u00a0\u2212\u00a0A' : title(name, i)));
  const minus = (text) => text.replace(/^-/, '\u2212');
  fill(table, ['ms', ...head], [
    ...rows.map((r) => [cause(r.cause), ...r.cells.map(minus)]),
    ['total', ...total.map(minus)],
  ]);
  rows.forEach((r, i) => {
    const name = table.tBodies[0].rows[i].cells[0];
    name.className = `cause ${r.cause}`;
    name.title = r.meaning;
  });
  table.tBodies[0].lastElementChild.className = 'total';
  reachable(table.parentElement);
}

// cause is what the ledger's column calls a cause, as in the figures.
const cause = (name) => name.replace('tls', 'TLS').replace('_cpu', ' CPU').replaceAll('_', ' ');

// finding is about the first two where more race.
export const finding = ({ finding: text = '', variants }) => unbroken((text && variants.length > 2 ? 'A and B: ' : '') + text);

// reasons say of each two neighbours why one is ahead.
export const reasons = ({ why }) => (why ?? []).map(({ text }) => text);
