// A hook that is fetched by hand: a button for each file, a clock that runs while one waits, then the same without hands.
import { quantity, bars, calm, data, make, say } from './lesson-say.js';

const phases = ['connecting', 'waiting', 'receiving'];
const sum = (file) => file.reduce((all, p) => all + p.ms, 0);

// Lane is a file on its way: a bar that grows through its phases.
class Lane {
  constructor(head, longest) {
    this.track = make('span', { className: 'track' });
    this.out = make('span', { className: 'took' });
    this.element = make('li', {}, head, this.track, this.out);
    this.longest = longest;
  }

  // show draws the first t ms of a file.
  show(file, t) {
    let before = 0;
    file.forEach(({ phase, ms }, i) => {
      const part = this.track.children[i] ?? this.track.appendChild(make('span', { className: `phase ${phase}` }));
      part.style.width = `${(Math.max(0, Math.min(ms, t - before)) / this.longest) * 100}%`;
      before += ms;
    });
    this.out.textContent = t >= before ? quantity(before, 'ms') : '';
  }
}

class Hands {
  #busy = false;
  #waited = 0;

  constructor(figure) {
    Object.assign(this, data(figure));
    this.said = figure.querySelector('.said');
    this.box = figure.querySelector('.hands');
    this.clock = make('strong', { textContent: quantity(0, 'ms') });
    this.lanes = [...this.first, ...this.then].map(sum);
    const longest = Math.max(...this.lanes);
    this.buttons = this.first.map((file, i) => make('button', { type: 'button', textContent: say('hands.fetch', { n: i + 1 }) }));
    const lanes = this.buttons.map((button) => new Lane(button, longest));
    this.buttons.forEach((button, i) => button.addEventListener('click', () => this.fetch(i, lanes[i])));
    this.list = make('ol', { className: 'lanes' }, ...lanes.map((l) => l.element));
    this.longest = longest;
    this.legend = make('p', { className: 'legend' }, ...phases.map((phase) => make('span', {}, make('i', { className: `phase ${phase}` }), say(`hands.${phase}`))));
    this.box.append(make('p', { className: 'clock' }, `${say('hands.clock')} `, this.clock), this.list, this.legend, make('p', { className: 'hint', textContent: say('hands.slower', { factor: this.slower }) }));
    figure.querySelector('.still').hidden = true;
    this.box.hidden = this.said.hidden = false;
    this.said.textContent = say('hands.begin');
    this.#offer();
  }

  // offer leaves only the next file's button to be pressed; the others keep their place in the order of the keyboard.
  #offer() {
    const next = this.#busy ? -1 : this.buttons.findIndex((b) => !b.dataset.done);
    this.buttons.forEach((b, i) => b.setAttribute('aria-disabled', i !== next));
    return this.buttons[next];
  }

  // wait lets a file come in: its bar grows and the clock runs, in simulated time.
  wait(lane, file) {
    const [all, from, began] = [sum(file), this.#waited, performance.now()];
    return new Promise((resolve) => {
      const tick = () => {
        const t = Math.min(all, (performance.now() - began) / this.slower);
        if (!calm.matches || t === all) {
          lane.show(file, t);
          this.clock.textContent = quantity(from + t, 'ms');
        }
        if (t < all) { setTimeout(tick, calm.matches ? 100 : 16); return; }
        this.#waited = from + all;
        resolve();
      };
      tick();
    });
  }

  async fetch(i, lane) {
    const button = this.buttons[i];
    if (button.getAttribute('aria-disabled') === 'true') return;
    this.#busy = true;
    this.#offer();
    this.said.textContent = say('hands.fetching', { n: i + 1 });
    await this.wait(lane, this.first[i]);
    this.#busy = false;
    button.dataset.done = true;
    this.said.textContent = say('hands.done', { n: i + 1, time: quantity(sum(this.first[i]), 'ms') });
    const next = this.#offer() ?? this.kept();
    if (document.activeElement === button || document.activeElement === document.body) next.focus();
  }

  // kept offers the same over one connection, which needs no hands.
  kept() {
    const byHand = this.#waited;
    this.said.textContent = say('hands.all', { n: this.first.length, time: quantity(byHand, 'ms') });
    const button = make('button', { type: 'button', className: 'main', textContent: say('hands.kept') });
    this.legend.before(button);
    button.addEventListener('click', async () => {
      if (button.getAttribute('aria-disabled') === 'true') return;
      button.setAttribute('aria-disabled', true);
      this.#waited = 0;
      const lanes = this.then.map((file, i) => new Lane(make('span', { textContent: String(i + 1) }), this.longest));
      button.after(make('ol', { className: 'lanes' }, ...lanes.map((l) => l.element)));
      for (const [i, file] of this.then.entries()) await this.wait(lanes[i], file);
      this.#end(byHand);
    });
    return button;
  }

  #end(byHand) {
    const bar = (key, value, look) => ({ name: say(key), value, look, text: quantity(value, 'ms') });
    this.legend.before(bars([bar('hands.handLabel', byHand, 'setup'), bar('hands.keptLabel', this.#waited, 'is')]));
    const tenths = (ms) => Math.round(ms * 10); // the difference is that of the two numbers as they are shown
    this.said.textContent = say('hands.result', { a: quantity(byHand, 'ms'), b: quantity(this.#waited, 'ms'), c: quantity((tenths(byHand) - tenths(this.#waited)) / 10, 'ms') });
  }
}

export function showHands() {
  for (const figure of document.querySelectorAll('.hook.hands')) new Hands(figure);
}
