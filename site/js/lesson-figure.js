// A figure with sliders that change it: the engine runs the scenario again and draws it as wide as its box.
import { fill } from './format.js';
import { picture } from './figures.js';
import { label, ready, settings } from './lesson-fields.js';
import { run } from './lesson-run.js';

// Drawing is one figure. While it is drawn, only the latest wish waits.
class Drawing {
  #busy = false;
  #again = false;
  #told = 0;

  constructor(figure) {
    this.figure = figure;
    this.form = figure.querySelector('.sliders');
    this.box = figure.querySelector('.picture');
    this.form.hidden = figure.querySelector('.said').hidden = false;
    const inputs = [...this.form.querySelectorAll('input, select')];
    inputs.forEach(ready);
    this.form.addEventListener('submit', (event) => event.preventDefault());
    this.form.addEventListener('input', ({ target }) => {
      label(target);
      this.draw();
    });
    this.form.addEventListener('reset', () => setTimeout(() => {
      inputs.forEach(label);
      this.draw();
    }));
  }

  async draw() {
    this.#again = true;
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.#again) {
        this.#again = false;
        const wish = { figures: true, tables: true, width: Math.max(240, Math.round(this.box.clientWidth)), totals_width: Math.round(this.box.clientWidth) };
        this.show(await run([...JSON.parse(this.figure.dataset.set), ...settings(this.form)], wish));
      }
    } catch (error) { this.figure.querySelector('.finding').textContent = error.message; }
    this.#busy = false;
  }

  show({ figures, tables }) {
    const name = this.figure.dataset.figure;
    const svg = picture(figures[name].replaceAll(`${name}-figure`, `${this.figure.id}-live`));
    this.box.replaceChildren(svg);
    const { head, rows } = tables[name];
    const found = svg.querySelector('title').textContent;
    this.figure.querySelector('.finding').textContent = found;
    fill(this.figure.querySelector('table'), head, rows);
    clearTimeout(this.#told);
    this.#told = setTimeout(() => { this.figure.querySelector('.said').textContent = found; }, 1000);
  }
}

export function showDrawings() {
  for (const figure of document.querySelectorAll('.drawing')) if (figure.querySelector('.sliders')) new Drawing(figure);
}
