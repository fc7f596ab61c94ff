// Fields that a learner may choose: sliders, numbers and lists, and what they set.
import { quantity } from './lesson-say.js';

// ready gives a slider that goes in steps of 1, 2, 5 its places, and says its value beside it.
export function ready(input) {
  if (input.dataset.steps) {
    const steps = JSON.parse(input.dataset.steps);
    const own = Number(input.dataset.value);
    const all = [...new Set([...steps, own])].sort((a, b) => a - b);
    Object.assign(input, { min: 0, max: all.length - 1, step: 1, value: all.indexOf(own) });
    input.setAttribute('value', all.indexOf(own)); // what a reset goes back to
    input.dataset.steps = JSON.stringify(all);
  }
  label(input);
}

// label writes a slider's value beside it and into what a screen reader says.
export function label(input) {
  if (input.type !== 'range') return;
  const text = quantity(number(input), input.dataset.unit);
  input.setAttribute('aria-valuetext', text);
  const out = input.closest('label').querySelector('output');
  if (out) out.textContent = text;
}

const number = (input) => (input.dataset.steps ? JSON.parse(input.dataset.steps)[Number(input.value)] : Number(input.value));

// settings are what a form's fields set, as the engine takes it.
export const settings = (form) => [...form.querySelectorAll('input, select')]
  .map((e) => (e.tagName === 'SELECT' ? `${e.name}=${e.value}` : `${e.name}=${number(e)}${e.dataset.unit}`));
