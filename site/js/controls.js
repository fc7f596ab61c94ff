// What changes a scenario: sliders, each over a list of sensible values with the scenario's own among them; choices of a
// word; and which of its variants race.
import { bytes, rate } from './format.js';

const $ = (id) => document.getElementById(id);
const upTo = (n) => Array.from({ length: n }, (_, i) => i + 1);

const sliders = [
  {
    id: 'rtt', field: 'rtt_ms', text: (v) => `${Number(v.toPrecision(6))} ms`,
    steps: [0, 0.2, 0.5, 1, 2, 5, 10, 15, 20, 30, 40, 50, 60, 80, 100, 120, 150, 200, 250, 300, 400, 500, 600, 800],
  },
  {
    id: 'bandwidth', field: 'down', text: rate, note: (v, all) => (all.up === v ? '' : `up: ${rate(all.up)}`),
    steps: [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map((v) => v * 1e6).concat(0),
  },
  { id: 'count', field: 'count', text: (v) => (v === 0 ? 'not fixed' : String(v)), steps: upTo(60) },
  {
    id: 'size', field: 'size', text: bytes,
    steps: [100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6],
  },
  { id: 'loss', field: 'loss', text: (v) => `${v} %`, steps: [0, 0.1, 0.2, 0.5, 1, 2, 3, 5, 10] },
  { id: 'connections', field: 'connections_per_host', text: String, steps: [...upTo(8), 10, 12, 16, 24, 32] },
];

// choices are the selects and what their words are called.
const choices = [
  { id: 'http', text: (v) => v },
  { id: 'tls', text: (v) => v },
];

const countLabels = { sequence: 'objects', page: 'objects', users: 'requests of each user', arrivals: 'requests' };

// rank orders values; a bandwidth of zero is the largest: unlimited.
const rank = (slider) => (v) => (slider.field === 'down' && v === 0 ? Infinity : v);

// stepsOf are a slider's steps and the values that the scenario and the link bring along.
function stepsOf(slider, state) {
  const all = new Set([...slider.steps, state.own[slider.field], state.values[slider.field]]);
  const by = rank(slider);
  return [...all].sort((a, b) => by(a) - by(b));
}

export class Controls {
  #state;

  #changed;

  // changed is called after something was changed.
  constructor(state, changed) {
    this.#state = state;
    this.#changed = changed;
    for (const { id } of choices) {
      $(id).addEventListener('change', () => {
        state.change(id, $(id).value);
        changed();
      });
    }
    for (const slider of sliders) {
      $(slider.id).addEventListener('input', () => {
        if (!state.own) return;
        state.change(slider.field, stepsOf(slider, state)[Number($(slider.id).value)]);
        this.#label(slider);
        changed();
      });
    }
    $('controls').addEventListener('submit', (event) => event.preventDefault());
  }

  // show puts every slider where the state says.
  show() {
    $('count-label').textContent = countLabels[this.#state.own.workload];
    for (const slider of sliders) {
      const input = $(slider.id);
      const steps = stepsOf(slider, this.#state);
      input.min = 0;
      input.max = steps.length - 1;
      input.step = 1;
      input.value = steps.indexOf(this.#state.values[slider.field]);
      this.#label(slider);
    }
    for (const { id, text } of choices) {
      $(id).replaceChildren(...this.#state.own.options[id].map((v) => new Option(text(v), v, false, v === this.#state.values[id])));
      this.#note({ id, field: id }, '');
    }
    this.#entrants();
  }

  // entrants offers the variants, where there are more than two.
  #entrants() {
    const { variants } = this.#state.own;
    const several = variants.length > 2;
    $('entrants').hidden = !several;
    $('variants').replaceChildren(...(several ? variants : []).map((name, i) => {
      const label = document.createElement('label');
      const box = Object.assign(document.createElement('input'), { type: 'checkbox', value: i + 1 });
      box.addEventListener('change', () => {
        this.#state.enter(i + 1, box.checked);
        this.#mark();
        this.#changed();
      });
      label.append(box, name);
      return label;
    }));
    this.#mark();
  }

  // mark ticks the variants that race. Two always do, and no more than the stage has room for.
  #mark() {
    const { lanes, few, full } = this.#state;
    for (const box of $('variants').querySelectorAll('input')) {
      box.checked = lanes.includes(Number(box.value));
      box.disabled = box.checked ? few : full;
    }
  }

  #label(slider) {
    const { values } = this.#state;
    const text = slider.text(values[slider.field]);
    const note = slider.note?.(values[slider.field], values) ?? '';
    $(`${slider.id}-out`).textContent = text;
    $(slider.id).setAttribute('aria-valuetext', note ? `${text}, ${note}` : text);
    this.#note(slider, note);
  }

  // note is the small print below a slider: why it cannot be moved, or what else it stands for.
  #note(slider, text) {
    const free = this.#state.free(slider.field);
    const small = $(`${slider.id}-why`);
    small.textContent = free ? text : this.#state.own.fixed[slider.field] ?? 'as the scenario says';
    small.hidden = !small.textContent;
    $(slider.id).disabled = !free;
  }
}
