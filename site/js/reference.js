// The reference's search: it leaves the entries that have every word, and says how many there are.
const $ = (id) => document.getElementById(id);
const plain = (text) => text.toLowerCase().replaceAll('_', ' ').replaceAll('-', ' ');
const entries = [...document.querySelectorAll('.field')].map((element) => ({ element, text: plain(element.textContent) }));
const sections = [...document.querySelectorAll('.all > section')];
// A part is found by its own words as well: it leads its section.
const parts = sections.map((element) => ({ element, text: plain(element.querySelector('h2').textContent + element.querySelector('.about').textContent) }));
let telling = 0;

function filter() {
  const words = plain($('find').value).split(/\s+/).filter(Boolean);
  const has = ({ text }) => words.every((w) => text.includes(w));
  let n = 0;
  for (const entry of entries) {
    entry.element.hidden = !has(entry);
    n += entry.element.hidden ? 0 : 1;
  }
  for (const part of parts) {
    const some = part.element.querySelector('.field:not([hidden])');
    part.element.hidden = words.length > 0 && !some && !has(part);
  }
  for (const list of document.querySelectorAll('.same')) list.hidden = !list.querySelector('.field:not([hidden])');
  for (const head of document.querySelectorAll('.kind')) {
    let next = head.nextElementSibling;
    while (next?.matches('.field[hidden]')) next = next.nextElementSibling;
    head.hidden = !next?.matches('.field');
  }
  for (const link of document.querySelectorAll('.contents a')) link.hidden = $(link.hash.slice(1)).hidden;
  tell(words.length ? `${n} of ${entries.length} entries` : `${entries.length} entries`);
}

// tell shows the count at once, and has it read out when typing has paused.
function tell(text) {
  $('found').textContent = text;
  clearTimeout(telling);
  telling = setTimeout(() => { $('said').textContent = text; }, 1000);
}

// reveal shows what an address leads to, also where the search has hidden it.
function reveal() {
  const target = $(decodeURIComponent(location.hash.slice(1)));
  if (!target?.closest('[hidden]')) return;
  $('find').value = '';
  filter();
  target.scrollIntoView();
}

$('find').addEventListener('input', filter);
$('find').form.addEventListener('submit', (event) => event.preventDefault());
$('find').addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  $('find').value = '';
  filter();
});
addEventListener('hashchange', reveal);
// A link to a part that is hidden leads there, though its address does not change.
document.addEventListener('click', ({ target }) => { if (target.closest?.('a[href^="#"]')) setTimeout(reveal); });
$('found').textContent = `${entries.length} entries`;
if ($('find').value) filter(); // a browser that came back remembers what was typed
