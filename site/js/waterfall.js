// A waterfall of the requests, one bar each, with a cursor at the stage's time.
const phases = ['blocked', 'dns', 'connect', 'tls', 'send', 'wait', 'receive'];
const mostRows = 80; // of all variants together

const element = (tag, className, text = '') =>
  Object.assign(document.createElement(tag), { className, textContent: text });

function bar(request, name, end) {
  const row = element('div', 'bar');
  row.append(element('b', '', name));
  const track = element('div', 'track');
  let at = request.start_ms;
  for (const phase of phases) {
    const length = request[`${phase}_ms`];
    if (length > 0) {
      const span = element('span', phase);
      span.style.left = `${(at / end) * 100}%`;
      span.style.width = `${(length / end) * 100}%`;
      track.append(span);
    }
    at += length;
  }
  row.append(track);
  return row;
}

export function showWaterfall(box, { variants }) {
  const end = Math.max(...variants.map((v) => v.finished_ms));
  const most = Math.floor(mostRows / variants.length);
  const rows = variants.flatMap((v, n) => v.per_request.slice(0, most).map((r, i) => bar(r, `${'ABCD'[n]} ${i + 1}`, end)));
  const left = variants.some((v) => v.requests.total > most) ? [element('p', 'hint', `The first ${most} requests of each.`)] : [];
  box.replaceChildren(...left, ...rows, element('div', 'cursor'));
  box.dataset.end = end;
  box.setAttribute('role', 'img');
  box.setAttribute('aria-label', variants.map((v) => `${v.name}: ${v.requests.total} requests`).join('; '));
}

export function moveWaterfall(box, t) {
  const cursor = box.querySelector('div.cursor');
  if (cursor) cursor.style.setProperty('--at', Math.min(t / Number(box.dataset.end), 1));
}
