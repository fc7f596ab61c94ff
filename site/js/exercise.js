// An exercise: numbers drawn for a student, answers typed in, a file to hand in. `keepalive grade` marks it.
import { Engine } from './engine.js';
import { ms } from './format.js';

const $ = (id) => document.getElementById(id);
const engine = new Engine();
const form = $('sheet');
let sheet = null;

const make = (tag, properties = {}, ...children) => {
  const e = Object.assign(document.createElement(tag), properties);
  e.append(...children);
  return e;
};

$('who').addEventListener('submit', async (event) => {
  event.preventDefault();
  try {
    const who = { class: $('class').value, student: $('student').value };
    const answer = await engine.ask('sheet', { exercise: form.dataset.exercise, ...who });
    const typed = sheet?.class === who.class && sheet.student === who.student ? new FormData(form) : [];
    sheet = JSON.parse(answer.sheet);
    show();
    for (const [name, value] of typed) form.elements[name].value = value; // the same sheet again: nothing typed is lost
    $('status').textContent = `Your numbers are drawn. ${sheet.questions.length} questions.`;
  } catch (error) { $('status').textContent = error.message; }
});

function show() {
  form.replaceChildren(make('h2', { textContent: 'Your numbers' }));
  const list = make('dl');
  for (const [path, value] of Object.entries(sheet.draw)) {
    list.append(make('dt', { textContent: called(path) }), make('dd', { textContent: apart(value) }));
  }
  form.append(list, make('p', { textContent: `Everything else is as in the scenario “${sheet.scenario}”.` }));
  sheet.questions.forEach((q, i) => form.append(question(q, i + 1)));
  const save = make('button', { type: 'submit', textContent: 'Save my answers' });
  form.append(save, make('p', { id: 'saved', role: 'status' }));
  form.hidden = false;
}

// words are what a scenario's field is called; its path is shown beside, for the command line.
const words = { 'link.rtt': 'round trip', 'link.down': 'bandwidth', 'link.loss': 'loss', 'workload.sequence.count': 'objects',
  'workload.sequence.size': 'size of each' };
// apart sets a number apart from its unit: 90 ms.
const apart = (quantity) => String(quantity).replace(/^([\d.]+)(?=[A-Za-z])/, '$1\u00a0');
const called = (path) => (words[path] ? `${words[path]} (${path})` : path);

// answerTo makes a question's controls, by its kind.
const answerTo = {
  number(q) {
    const input = make('input', { name: `answer:${q.id}`, inputMode: 'decimal', autocomplete: 'off', ariaLabel: q.ask });
    return [make('label', {}, make('span', {}, input, ` ${q.unit ?? ''}`))];
  },
  choice(q) {
    return Object.entries(q.options).map(([value, text]) =>
      make('label', { className: 'choice' }, make('input', { type: 'radio', name: `answer:${q.id}`, value }), text));
  },
  goal() {
    const free = Object.entries(sheet.free).map(([path, range]) => {
      const input = make('input', { name: `setting:${path}`, placeholder: sheet.draw[path] ?? '', autocomplete: 'off' });
      return make('label', {}, `${called(path)}, ${range.split('..').map(apart).join(' to ')}`, input);
    });
    const tried = make('output', { className: 'tried' });
    const button = make('button', { type: 'button', textContent: 'Try it' });
    button.addEventListener('click', () => attempt(tried));
    return [...free, button, tried];
  },
};

function question(q, number) {
  const points = `${q.points} ${q.points === 1 ? 'point' : 'points'}`;
  return make('fieldset', {}, make('legend', { textContent: `${number}. ${q.ask} (${points})` }), ...answerTo[q.kind](q));
}

// filled are the fields of a kind that something is typed into: answers or settings.
const filled = (kind) => Object.fromEntries([...new FormData(form)]
  .filter(([name, value]) => name.startsWith(`${kind}:`) && value.trim() !== '')
  .map(([name, value]) => [name.slice(kind.length + 1), value.trim()]));

async function attempt(out) {
  out.textContent = 'Running …';
  try {
    const set = Object.entries({ ...sheet.draw, ...filled('setting') }).map(([path, value]) => `${path}=${value}`);
    const result = JSON.parse((await engine.ask('run', { scenario: sheet.scenario, set })).result);
    out.textContent = result.variants.map((v) => `${v.name}: ${ms(v.finished_ms)}`).join(', ');
  } catch (error) { out.textContent = error.message; }
}

// plain is a number as the marking reads it, without the spaces between thousands and the question's own unit.
const plain = (text, unit = '') => text.replace(/\s/g, '').replace(new RegExp(`(?<=\\d)${unit}$`), '');

// numbers tidies what stands in the fields for numbers. It returns what is wrong with the first that has none, after
// going there, and '' when all is well: an empty field is no mistake.
function numbers() {
  for (const [i, q] of sheet.questions.entries()) {
    if (q.kind !== 'number') continue;
    const field = form.elements[`answer:${q.id}`];
    const typed = plain(field.value, q.unit);
    if (typed && !/^[-+]?(\d+\.?\d*|\.\d+)$/.test(typed)) {
      field.focus();
      return `Question ${i + 1} wants a number such as 1234.5, with a point; “${field.value}” is none.`;
    }
    field.value = typed;
  }
  return '';
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const saved = $('saved');
  const { exercise, student } = sheet;
  saved.textContent = numbers();
  if (saved.textContent) return;
  try {
    const typed = { settings: filled('setting'), answers: filled('answer') };
    const { answer } = await engine.ask('answer', { exercise, class: sheet.class, student, ...typed });
    const file = new Blob([JSON.stringify(JSON.parse(answer), null, 2), '\n'], { type: 'application/json' });
    const download = `${exercise}-${student.replace(/[^\p{L}\p{N}]+/gu, '-')}.json`;
    make('a', { href: URL.createObjectURL(file), download }).click();
    saved.textContent = `Saved as ${download}. Hand that file in.`;
    form.dataset.answer = answer;
  } catch (error) { saved.textContent = error.message; }
});

engine.ask('scenarios').then(() => { $('status').textContent = ''; }, (error) => { $('status').textContent = error.message; });
