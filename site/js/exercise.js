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
    const answer = await engine.ask('sheet', { exercise: form.dataset.exercise, class: $('class').value, student: $('student').value });
    sheet = JSON.parse(answer.sheet);
    show();
    $('status').textContent = `Your numbers are drawn. ${sheet.questions.length} questions.`;
  } catch (error) { $('status').textContent = error.message; }
});

function show() {
  form.replaceChildren(make('h2', { textContent: 'Your numbers' }));
  const list = make('dl');
  for (const [path, value] of Object.entries(sheet.draw)) list.append(make('dt', { textContent: path }), make('dd', { textContent: value }));
  form.append(list, make('p', { textContent: `Everything else is as in the scenario “${sheet.scenario}”.` }));
  sheet.questions.forEach((q, i) => form.append(question(q, i + 1)));
  form.append(make('button', { type: 'submit', textContent: 'Save my answers' }), make('p', { id: 'saved', role: 'status' }));
  form.hidden = false;
}

function question(q, number) {
  const legend = make('legend', { textContent: `${number}. ${q.ask} (${q.points} ${q.points === 1 ? 'point' : 'points'})` });
  const box = make('fieldset', {}, legend);
  if (q.kind === 'number') {
    box.append(make('label', {}, make('span', {}, make('input', { name: `answer:${q.id}`, inputMode: 'decimal', autocomplete: 'off' }), ` ${q.unit ?? ''}`)));
    box.querySelector('input').setAttribute('aria-label', q.ask);
  } else if (q.kind === 'choice') {
    for (const [value, text] of Object.entries(q.options)) {
      box.append(make('label', { className: 'choice' }, make('input', { type: 'radio', name: `answer:${q.id}`, value }), text));
    }
  } else {
    for (const [path, range] of Object.entries(sheet.free)) {
      box.append(make('label', {}, `${path} (${range})`, make('input', { name: `setting:${path}`, placeholder: sheet.draw[path] ?? '', autocomplete: 'off' })));
    }
    const tried = make('output');
    const button = make('button', { type: 'button', textContent: 'Try it' });
    button.addEventListener('click', () => attempt(tried));
    box.append(button, tried);
  }
  return box;
}

const filled = (kind) => Object.fromEntries([...new FormData(form)]
  .filter(([name, value]) => name.startsWith(`${kind}:`) && value.trim() !== '').map(([name, value]) => [name.slice(kind.length + 1), value.trim()]));

async function attempt(out) {
  out.textContent = 'Running …';
  try {
    const set = Object.entries({ ...sheet.draw, ...filled('setting') }).map(([path, value]) => `${path}=${value}`);
    const result = JSON.parse((await engine.ask('run', { scenario: sheet.scenario, set })).result);
    out.textContent = result.variants.map((v) => `${v.name}: ${ms(v.finished_ms)}`).join(', ');
  } catch (error) { out.textContent = error.message; }
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const saved = $('saved');
  try {
    const { answer } = await engine.ask('answer', { exercise: sheet.exercise, class: sheet.class, student: sheet.student,
      settings: filled('setting'), answers: filled('answer') });
    const link = make('a', { href: URL.createObjectURL(new Blob([JSON.stringify(JSON.parse(answer), null, 2), '\n'], { type: 'application/json' })),
      download: `${sheet.exercise}-${sheet.student.replace(/[^\p{L}\p{N}]+/gu, '-')}.json` });
    link.click();
    saved.textContent = `Saved as ${link.download}. Hand that file in.`;
    form.dataset.answer = answer;
  } catch (error) { saved.textContent = error.message; }
});
engine.ask('scenarios').then(() => { $('status').textContent = ''; }, (error) => { $('status').textContent = error.message; });
