// The theme: the system's, unless one is chosen. Nothing is stored but for this visit.
const root = document.documentElement;
const select = document.getElementById('theme');
const system = matchMedia('(prefers-color-scheme: dark)');
export const theme = () => root.dataset.theme ?? (system.matches ? 'dark' : 'light');

function tell() {
  select.value = theme();
  dispatchEvent(new CustomEvent('theme', { detail: theme() }));
}

// setTheme chooses a theme; what is none is not chosen.
export function setTheme(name) {
  if (![...select.options].some((o) => o.value === name)) return;
  root.dataset.theme = name;
  try { sessionStorage.theme = name; } catch { /* the choice lasts for this page */ }
  tell();
}

// nextTheme is for a key.
export const nextTheme = () => setTheme(select.options[(select.selectedIndex + 1) % select.length].value);

select.addEventListener('change', () => setTheme(select.value));
system.addEventListener('change', tell);
try { if (sessionStorage.theme) setTheme(sessionStorage.theme); } catch { /* no storage: the system's theme */ }
tell();
