// What is chosen: said in words, with the heads of its HTTP messages, and marked in the page's own waterfall.
import { unbroken } from './format.js';

const $ = (id) => document.getElementById(id);
const restful = 1000; // ms between two messages to a screen reader

export class Chosen {
  #playback;
  #engine;
  #state;
  #said = -Infinity; // when the card was last written
  #later = 0; // the timer of what is still to be written
  #asked = 0; // the number of the last question for a head

  constructor(state, playback, engine) {
    this.#state = state;
    this.#playback = playback;
    this.#engine = engine;
    $('before').addEventListener('click', () => playback.follow(-1));
    $('after').addEventListener('click', () => playback.follow(1));
    $('unchoose').addEventListener('click', () => this.clear());
    $('waterfall').addEventListener('click', ({ target }) => {
      const row = target.closest('[data-request]');
      if (row) playback.choose(`${'ABCD'[row.dataset.lane]}:request:${row.dataset.request}`);
    });
    // Where the race itself is out of sight, as when a row of the waterfall is chosen, the words follow the reader.
    new IntersectionObserver((all) => $('chosen').classList.toggle('away', !all[all.length - 1].isIntersecting)).observe($('arena'));
    addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.defaultPrevented && this.clear()) event.preventDefault();
    });
  }

  // clear chooses nothing, and tells whether there was something.
  clear() {
    if (!this.#state.chosen) return false;
    if ($('chosen').contains(document.activeElement)) $('main').focus({ preventScroll: true });
    this.#playback.choose('');
    return true;
  }

  // show tells what the stage has chosen. While playing through packets quickly only the last one is told.
  show(what) {
    this.#state.chosen = what.thing;
    this.#state.remember();
    this.mark(what);
    clearTimeout(this.#later);
    const wait = what.thing ? this.#said + restful - performance.now() : 0;
    if (wait > 0) this.#later = setTimeout(() => this.#write(what), wait);
    else this.#write(what);
  }

  // mark marks the rows of the chosen request.
  mark({ thing = '', lane = 0, request = 0 } = {}) {
    for (const row of $('waterfall').querySelectorAll('[data-request]')) {
      row.classList.toggle('chosen', Boolean(thing) && Number(row.dataset.lane) === lane && Number(row.dataset.request) === request);
    }
  }

  async #write({ thing, text, connection, messages = '[]' }) {
    const number = ++this.#asked;
    $('chosen').hidden = !thing;
    if (!thing) {
      $('chosen-text').textContent = '';
      $('head').replaceChildren();
      return;
    }
    this.#said = performance.now();
    if ($('chosen-text').textContent !== unbroken(text)) $('chosen-text').textContent = unbroken(text);
    for (const id of ['before', 'after']) $(id).disabled = !connection;
    const wanted = JSON.parse(messages) ?? [];
    const heads = await this.#heads(wanted);
    if (number !== this.#asked) return; // something else is chosen by now
    $('head').replaceChildren(...heads.map((textContent, i) => {
      const head = Object.assign(document.createElement('pre'), { textContent, tabIndex: 0, role: 'group' });
      head.ariaLabel = wanted[i].response ? 'The head of the response' : 'The head of the request';
      return head;
    }));
  }

  // heads are the texts of messages' heads, as the scenario makes them; none, if the engine has none.
  async #heads(messages) {
    const { scenario, lanes } = this.#state;
    const set = this.#state.sets();
    try {
      const answers = await Promise.all(messages.map((m) => this.#engine.ask('message', { ...m, scenario, set, lanes })));
      return answers.map(({ text }) => text.replaceAll('\r\n', '\n').trim());
    } catch {
      return []; // the sentence stands without them
    }
  }
}
