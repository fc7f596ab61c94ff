// A hook that is a figure: its bars are uncovered along the run's time. No engine is needed.
import { quantity, calm, data, plain, say } from './lesson-say.js';

const svgName = 'http://www.w3.org/2000/svg';

// Cover lies over each panel of a figure from the moment on that is shown.
class Covers {
  constructor(figure) {
    this.all = [...figure.querySelectorAll('line.cursor')].map((line) => {
      const { x0, x1 } = line.dataset;
      const [top, bottom] = [Number(line.getAttribute('y1')), Number(line.getAttribute('y2'))];
      const rect = document.createElementNS(svgName, 'rect');
      rect.setAttribute('class', 'cover');
      rect.setAttribute('y', top);
      rect.setAttribute('height', bottom - top);
      line.before(rect);
      return { rect, line, x0: Number(x0), x1: Number(x1), end: Number(line.dataset.t1) };
    });
  }

  get end() { return this.all[0].end; }

  // at uncovers everything until t.
  at(t) {
    for (const { rect, line, x0, x1, end } of this.all) {
      const x = x0 + (Math.min(t, end) / end) * (x1 - x0);
      rect.setAttribute('x', x);
      rect.setAttribute('width', x1 - x + 14);
      line.setAttribute('x1', x);
      line.setAttribute('x2', x);
    }
  }
}

// Player moves the time of a hook.
class Player {
  #playing = 0; // what asked for the next frame, or for the next step
  #told = 0;

  constructor(figure) {
    const { seconds, ends } = data(figure);
    this.covers = new Covers(figure);
    this.ends = ends;
    this.end = Math.max(...ends.flatMap((v) => v.ends));
    this.stops = [...new Set(ends.flatMap((v) => v.ends))].sort((a, b) => a - b);
    this.perSecond = this.end / seconds; // ms of the run in a second of watching
    this.button = figure.querySelector('.play');
    this.range = figure.querySelector('input[type=range]');
    this.out = figure.querySelector('output');
    this.said = figure.querySelector('.said');
    this.range.max = this.end;
    figure.querySelector('.player').hidden = false;
    this.said.hidden = false;
    this.button.addEventListener('click', () => (this.#playing ? this.pause() : this.play()));
    this.range.addEventListener('input', () => {
      this.pause();
      this.show(Number(this.range.value));
      this.tell();
    });
    this.show(0);
    const factor = 1000 / this.perSecond;
    this.said.textContent = calm.matches ? say('hook.steps')
      : factor >= 1 ? say('hook.slower', { factor: plain(factor, 1) }) : say('hook.faster', { factor: plain(1 / factor, 1) });
  }

  show(t) {
    this.t = t;
    this.covers.at(t);
    this.range.value = t;
    this.out.textContent = quantity(t, 'ms');
    this.range.setAttribute('aria-valuetext', quantity(t, 'ms'));
  }

  // tell says what is there, at most once a second.
  tell() {
    clearTimeout(this.#told);
    this.#told = setTimeout(() => {
      const here = this.ends.map(({ name, ends }) => say('hook.here', { name, n: ends.filter((e) => e <= this.t).length, all: ends.length }));
      this.said.textContent = say('hook.at', { time: quantity(this.t, 'ms'), here: here.join('; ') });
    }, 300);
  }

  play() {
    if (this.t >= this.end) this.show(0);
    this.button.textContent = say('hook.pause');
    if (calm.matches) this.step();
    else {
      const [from, began] = [this.t, performance.now()];
      const frame = (now) => {
        this.show(Math.min(this.end, from + (Math.max(0, now - began) / 1000) * this.perSecond));
        if (this.t < this.end) this.#playing = requestAnimationFrame(frame);
        else this.pause();
      };
      this.#playing = requestAnimationFrame(frame);
    }
  }

  // step goes from the end of one file to that of the next, for those who asked for less motion.
  step() {
    const next = this.stops.find((s) => s > this.t);
    if (next === undefined) { this.pause(); return; }
    this.show(next);
    this.#playing = setTimeout(() => this.step(), 1000);
    this.tell();
  }

  pause() {
    cancelAnimationFrame(this.#playing);
    clearTimeout(this.#playing);
    this.#playing = 0;
    this.button.textContent = say(this.t >= this.end ? 'hook.again' : 'hook.play');
    this.tell();
  }
}

export function showHooks() {
  for (const figure of document.querySelectorAll('.hook.figure')) new Player(figure);
}
