// A prediction is locked before what follows is shown. It survives a reload, in the tab that it was made in.
import { bars, data, make, plain, quantity, say } from './lesson-say.js';

const key = (form) => `keepalive:${location.pathname.split('/').pop()}:${form.id}`;
const forms = [];

// withhold hides everything after the first prediction that is still open, which would give the answer away.
function withhold() {
  let open = false;
  for (const e of document.querySelector('article').children) {
    e.classList.toggle('withheld', open);
    if (forms.some((f) => f.form === e && !f.done)) open = true;
  }
}

// amount is how far off a number is: in per cent, or as a factor where that says more.
function amount(guess, is) {
  const factor = guess > is ? guess / is : is / guess;
  return factor >= 2.5 && Number.isFinite(factor) ? say('predict.times', { n: plain(factor, 1) })
    : say('predict.percent', { n: plain((Math.abs(guess - is) / is) * 100, 0) });
}

// judge compares what was predicted with what is: a sentence, whether it is right, and which thought it shows.
function judge({ kind, unit, within, answer, because, near }, guess, form) {
  if (kind === 'choice') {
    const text = (value) => form.querySelector(`[name=answer][value="${CSS.escape(value)}"]`).nextElementSibling.textContent;
    const right = guess === answer;
    return { right, because: because[guess], said: say(right ? 'predict.choiceRight' : 'predict.choiceWrong', { guess: text(guess), is: text(answer) }) };
  }
  const off = ((guess - answer) / answer) * 100;
  const right = Math.abs(off) <= within;
  const places = { guess: quantity(guess, unit), is: quantity(answer, unit), by: right ? say('predict.percent', { n: within }) : amount(guess, answer) };
  const thought = right ? null : near.find((m) => Math.abs(guess - m.value) <= m.value * 0.05);
  return { right, because: thought?.because, said: say(right ? 'predict.right' : off > 0 ? 'predict.high' : 'predict.low', places) };
}

// beside are the prediction and what is, as bars.
function beside({ kind, unit, answer, reference }, guess) {
  if (kind === 'choice') return [];
  const bar = (name, value, look) => ({ name, value, look, text: quantity(value, unit) });
  return [bars([...(reference ? [bar(reference.name, reference.value, 'reference')] : []),
    bar(say('predict.yours'), guess, 'guess'), bar(say('predict.is'), answer, 'is')])];
}

function lock(form, { guess, sure }) {
  const about = data(form);
  const { right, because, said } = judge(about, guess, form);
  for (const e of form.querySelectorAll('input')) e.disabled = true;
  form.querySelector('.buttons').remove();
  const thought = make('p');
  thought.innerHTML = because ?? ''; // the author's words, as the build has rendered them
  form.querySelector('.verdict').replaceChildren(make('p', { className: 'said', textContent: said }), ...beside(about, guess),
    ...(because ? [thought] : []), make('p', { textContent: say(`confidence.${right ? 'right' : 'wrong'}${sure}`) }));
  form.dataset.locked = right ? 'right' : 'wrong';
}

// draw keeps the drawn bar, its range and the typed number in step.
function draw(form) {
  const { most, reference, unit } = data(form);
  const [fixed, own] = form.querySelectorAll('.drawn .bar');
  const show = (bar, value) => {
    bar.querySelector('.bar-fill').style.width = `${(Math.min(value, most) / most) * 100}%`;
    bar.querySelector('.bar-value').textContent = quantity(value, unit);
  };
  const { drawn, answer } = form.elements;
  const adopt = (from) => () => {
    const value = Number(from.value) || 0;
    if (from === drawn) answer.value = value;
    else drawn.value = value;
    drawn.setAttribute('aria-valuetext', quantity(value, unit));
    show(own, value);
  };
  show(fixed, reference.value);
  for (const input of [drawn, answer]) input.addEventListener('input', adopt(input));
  return (value) => {
    answer.value = value;
    adopt(answer)();
  };
}

// remembered is what was locked in this tab before, if anything.
function remembered(form) {
  try { return JSON.parse(sessionStorage.getItem(key(form))); } catch { return null; }
}

function restore(form, kind, { guess, sure }, redraw) {
  for (const radio of form.querySelectorAll('[type=radio]')) radio.checked = radio.value === (radio.name === 'sure' ? sure : guess);
  if (redraw) redraw(guess);
  else if (kind === 'number') form.elements.answer.value = guess;
}

export function showPredictions() {
  for (const form of document.querySelectorAll('form.predict')) {
    const { kind } = data(form);
    const state = { form, done: false };
    forms.push(state);
    form.hidden = false;
    const redraw = kind === 'bar' ? draw(form) : null;
    const before = remembered(form);
    if (before) {
      restore(form, kind, before, redraw);
      lock(form, before);
      state.done = true;
      continue;
    }
    form.querySelector('.skip-prediction').addEventListener('click', ({ target }) => {
      state.done = true;
      withhold();
      target.remove();
      form.querySelector('input').focus();
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (form.dataset.locked) return;
      const made = Object.fromEntries(new FormData(form));
      const prediction = { guess: kind === 'choice' ? made.answer : Number(made.answer), sure: made.sure };
      try { sessionStorage.setItem(key(form), JSON.stringify(prediction)); } catch { /* a browser that keeps nothing */ }
      lock(form, prediction);
      state.done = true;
      withhold();
      const verdict = form.querySelector('.verdict');
      verdict.tabIndex = -1;
      verdict.focus(); // the button that had it is gone
    });
  }
  withhold();
}
