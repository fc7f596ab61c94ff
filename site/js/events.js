// The race in words: an ordered list of what happens around the present, for whoever does not see the picture, or wants
// to read it. Each line goes there.
import { ms, unbroken } from './format.js';

const $ = (id) => document.getElementById(id);
const letters = 'ABCD';

export class Events {
  #playback;
  #state;
  #present = NaN; // that the list is around

  constructor(state, playback) {
    this.#state = state;
    this.#playback = playback;
    $('events').addEventListener('toggle', () => this.#ask());
    $('kind').addEventListener('change', () => this.#ask());
  }

  // moved asks for the list again when the player stands elsewhere.
  moved(t, playing) {
    if (!playing && t !== this.#present) this.#ask();
  }

  #ask() {
    if (!$('events').open) return;
    this.#present = this.#state.t;
    this.#playback.ask($('kind').value);
  }

  // reset forgets what the list is around: it is of other runs.
  reset() { this.#present = NaN; }

  show({ ms: present, events }) {
    const list = $('event-list');
    const within = list.contains(document.activeElement);
    const current = events.findLastIndex((e) => e.ms <= present);
    list.replaceChildren(...events.map((e, i) => this.#line(e, i === current)));
    $('no-events').hidden = events.length > 0;
    const line = list.querySelector('[aria-current]');
    if (within) (line ?? $('kind')).focus({ preventScroll: true });
    if (line) list.scrollTop = line.parentElement.offsetTop - (list.clientHeight - line.clientHeight) / 2;
  }

  #line({ ms: at, lane, thing, text }, present) {
    const item = document.createElement('li');
    const button = Object.assign(document.createElement('button'), { type: 'button' });
    const time = Object.assign(document.createElement('span'), { className: 'at', textContent: unbroken(ms(at)) });
    button.append(time, ` ${letters[lane]}: ${unbroken(text)}`);
    if (present) button.setAttribute('aria-current', 'true');
    button.addEventListener('click', () => {
      for (const other of $('event-list').querySelectorAll('[aria-current]')) other.removeAttribute('aria-current');
      button.setAttribute('aria-current', 'true');
      this.#playback.pause();
      this.#playback.seek(at);
      if (thing) this.#playback.choose(thing);
    });
    item.append(button);
    return item;
  }
}
