// What the machinery of lessons says: every text comes from the page's table of strings, which site/strings has in each language.
import { bytes, ms, unbroken } from './format.js';

const strings = JSON.parse(document.getElementById('strings').textContent);

// say is the text of a key with its {places} filled in.
export const say = (key, places = {}) => (strings[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => places[name] ?? whole);

// data is what the build has left in an element for its script.
export const data = (element) => JSON.parse(element.querySelector('script[type="application/json"]').textContent);

// plain is a number with at most so many digits after the point.
export const plain = (v, digits = 2) => String(Number(v.toFixed(digits)));

// quantity is a number with its unit, as the whole project writes it.
export function quantity(v, unit) {
  if (unit === 'ms') return unbroken(ms(v));
  if (unit === 'B') return unbroken(bytes(v));
  return unit ? `${plain(v, unit === '%' ? 1 : 2)}\u00a0${unit}` : plain(v);
}

export function make(tag, properties = {}, ...children) {
  const e = Object.assign(document.createElement(tag), properties);
  e.append(...children);
  return e;
}

// bars are lengths beside each other, to one scale; each has its name and its value as text: {name, value, text, look}.
export function bars(all) {
  const most = Math.max(...all.map((b) => b.value));
  return make('div', { className: 'bars' }, ...all.map(({ name, value, text, look }) => {
    const fill = make('span', { className: `bar-fill ${look}` });
    fill.style.width = `${most > 0 ? (value / most) * 100 : 0}%`;
    return make('div', { className: 'bar' }, make('span', { className: 'bar-name', textContent: name }),
      make('span', { className: 'bar-track' }, fill), make('span', { className: 'bar-value', textContent: text }));
  }));
}

// calm is true where somebody asked for less motion.
export const calm = matchMedia('(prefers-reduced-motion: reduce)');
