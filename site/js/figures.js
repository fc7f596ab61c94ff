// The engine's figures: SVG that follows the page's theme, with a cursor at the stage's time.
const $ = (id) => document.getElementById(id);

// picture turns an SVG text into an element; the text is parsed as XML, so nothing in it runs.
export function picture(text) {
  const parsed = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
  if (parsed.nodeName !== 'svg') throw new Error('a figure is no SVG');
  return document.importNode(parsed, true);
}

// showFigures puts each figure into the box of its name. The waterfall has a card anyway, the others with their figure.
export function showFigures(figures) {
  for (const name of ['waterfall', 'totals', 'window']) {
    const text = figures[name];
    if (text) $(name).replaceChildren(picture(text));
    const card = $(`${name}-card`);
    if (card) card.hidden = !text;
  }
}

// moveCursors puts each figure's cursor at t ms. A cursor says which x stands for which time: x0 for t0, x1 for t1.
export function moveCursors(t) {
  for (const line of document.querySelectorAll('.figure line.cursor')) {
    const { x0, x1, t0, t1 } = Object.fromEntries(Object.entries(line.dataset).map(([k, v]) => [k, Number(v)]));
    const x = x0 + ((Math.min(Math.max(t, t0), t1) - t0) / (t1 - t0)) * (x1 - x0);
    line.setAttribute('x1', x);
    line.setAttribute('x2', x);
  }
}
