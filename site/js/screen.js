// What fills the screen: which view is beneath the lanes, and the race alone on a projector.
const $ = (id) => document.getElementById(id);

export class Screen {
  // state.view is what was chosen; playback shows it.
  constructor(state, playback) {
    const show = () => { $('view').value = state.shows; };
    $('view').addEventListener('change', () => {
      state.view = $('view').value;
      state.remember();
      playback.view();
    });
    matchMedia('(min-width: 820px)').addEventListener('change', () => { show(); playback.view(); });
    show();
    const arena = $('arena');
    $('full').hidden = !arena.requestFullscreen;
    $('full').addEventListener('click', () => this.toggle());
    document.addEventListener('fullscreenchange', () => {
      const full = document.fullscreenElement === arena;
      $('full').setAttribute('aria-pressed', full);
      $('full').textContent = full ? 'Leave full screen' : 'Full screen';
    });
  }

  // toggle shows the race alone, or the page again.
  async toggle() {
    try {
      if (document.fullscreenElement) await document.exitFullscreen();
      else await $('arena').requestFullscreen();
    } catch { /* the browser does not allow it here */ }
  }
}
