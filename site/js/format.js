// Numbers as the whole project writes them: thousands set apart by a thin space, milliseconds until 10 s.
export const group = (n) => String(n).replace(/\B(?=(\d{3})+(?!\d))/g, '\u2009');
export const ms = (v) => {
  if (v >= 10000) return `${group(Math.floor(v / 1000))}.${String(Math.floor(v % 1000 / 10)).padStart(2, '0')} s`;
  const [whole, tenth] = v.toFixed(1).split('.');
  return `${group(whole)}.${tenth} ms`;
};
export const cell = (tag, text, scope) => {
  const c = document.createElement(tag);
  c.textContent = text;
  if (scope) c.scope = scope;
  return c;
};

// fill puts a head and rows into a table; the first cell of a row is its header.
export function fill(table, head, rows) {
  table.replaceChildren();
  const top = table.createTHead().insertRow();
  head.forEach((text) => top.append(text ? cell('th', text, 'col') : cell('td', '')));
  const body = table.createTBody();
  for (const row of rows) {
    const tr = body.insertRow();
    row.forEach((text, i) => tr.append(i ? cell('td', text) : cell('th', text, 'row')));
  }
}
