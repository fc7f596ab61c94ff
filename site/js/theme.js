// The theme: the system's, unless the button says otherwise. Nothing is stored but for this visit.
const root = document.documentElement;
const button = document.getElementById('theme');
const system = matchMedia('(prefers-color-scheme: dark)');
export const dark = () => (root.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark';

function tell() {
  button.textContent = dark() ? 'Light theme' : 'Dark theme';
  dispatchEvent(new CustomEvent('theme', { detail: dark() }));
}
try { if (sessionStorage.theme) root.dataset.theme = sessionStorage.theme; } catch { /* no storage: the system's theme */ }
button.addEventListener('click', () => {
  root.dataset.theme = dark() ? 'light' : 'dark';
  try { sessionStorage.theme = root.dataset.theme; } catch { /* the choice lasts for this page */ }
  tell();
});
system.addEventListener('change', tell);
tell();
