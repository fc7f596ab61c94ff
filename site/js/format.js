// Numbers as the whole project writes them: thousands set apart by a thin space, milliseconds until 10 s.
export const group = (n) => String(n).replace(/\B(?=(\d{3})+(?!\d))/g, '\u2009');

export function ms(v) {
  if (v >= 10000) {
    return `${group(Math.floor(v / 1000))}.${String(Math.floor((v % 1000) / 10)).padStart(2, '0')} s`;
  }
  const [whole, tenth] = v.toFixed(1).split('.');
  return `${group(whole)}.${tenth} ms`;
}

// trim drops the zeros that toPrecision leaves.
const trim = (v) => String(Number(v.toPrecision(4)));

export function bytes(v) {
  if (v < 1000) return `${v} B`;
  return v < 1e6 ? `${trim(v / 1e3)} kB` : `${trim(v / 1e6)} MB`;
}

export function rate(v) {
  if (v === 0) return 'unlimited';
  if (v < 1e6) return `${trim(v / 1e3)} kbit/s`;
  return v < 1e9 ? `${trim(v / 1e6)} Mbit/s` : `${trim(v / 1e9)} Gbit/s`;
}

// unbroken keeps a number, its thousands and its unit on one line.
export const unbroken = (text) => text.replaceAll('\u2009', '\u202f')
  .replace(/(\d) (ms|s|us|kB|MB|B)\b/g, '$1\u00a0$2');

// cell makes a table's cell; its numbers do not break at their thousands.
export function cell(tag, text, scope) {
  const c = document.createElement(tag);
  c.textContent = text.replaceAll('\u2009', '\u202f');
  if (scope) c.scope = scope;
  return c;
}

// fill puts a head and rows into a table; the first cell of a row is its header.
export function fill(table, head, rows) {
  table.replaceChildren();
  table.classList.toggle('wide', head.length > 4);
  const top = table.createTHead().insertRow();
  head.forEach((text) => top.append(text ? cell('th', text, 'col') : cell('td', '')));
  const body = table.createTBody();
  for (const row of rows) {
    const tr = body.insertRow();
    row.forEach((text, i) => tr.append(i ? cell('td', text) : cell('th', text, 'row')));
  }
}
