// The stage and its transport. The stage lives in an iframe of its own document; what it shows lives here, so that a
// lost one is simply made again. Its messages are listed in stage.js.
import { ms } from './format.js';
import { nextTheme, theme } from './theme.js';

const $ = (id) => document.getElementById(id);
const origin = location.origin === 'null' ? '*' : location.origin;
const mostRestarts = 3; // of a lost stage within a minute: beyond, the graphics are not worth another try

// inControl tells whether a key belongs to what has the focus.
const inControl = (target) => target.closest?.('input, select, textarea, button, a, summary, [contenteditable]');

export class Playback {
  #state;
  #frame = $('stage');
  #ready = false;
  #logs = null;
  #playing = false;
  #end = 0;
  #pace = 100; // ms per second: the stage's own, or the state's
  #said = -Infinity; // when the live region was last written
  #later = 0; // the timer of what is still to be written there
  #wanted = null; // a time that the runs shown do not reach: longer ones will be shown there
  #jumps = 0; // the timer of reduced motion
  #left = false; // the runs on the stage are not the state's any more
  #restarts = [];
  #why = [];
  #on; // what is called: moved, chosen, events, failed, shortcut
  #calm = matchMedia('(prefers-reduced-motion: reduce)');

  // on.moved(ms, playing) is called whenever the time changes, on.chosen(what) when something else is chosen, on.events(list)
  // when what was asked for is there, on.failed(text) when the stage cannot go on, on.shortcut(key) for keys that are none of
  // the player's.
  constructor(state, on) {
    this.#state = state;
    this.#on = on;
    addEventListener('message', ({ source, data }) => {
      if (source === this.#frame.contentWindow) this.#hear(data);
    });
    addEventListener('theme', ({ detail }) => this.#tell({ type: 'theme', theme: detail }));
    this.#buttons();
    addEventListener('keydown', (event) => {
      if (!inControl(event.target) && this.#key(event)) event.preventDefault();
    });
    const calm = () => { $('calm').hidden = !this.#calm.matches; };
    this.#calm.addEventListener('change', () => { calm(); this.pause(); });
    calm();
    this.#frame.src = `stage.html#${theme()}`;
  }

  get playing() { return this.#playing; }

  // load shows other runs, at the state's time; what plays goes on. The last request ends at end, but the connections are
  // still closed after it: how far the time goes is the stage's to say.
  load(logs, end, why) {
    this.#logs = logs;
    this.#why = why;
    this.#end = end;
    this.#left = false;
    this.#state.t = this.#wanted ?? this.#state.t;
    this.#wanted = this.#state.t;
    this.#restore();
  }

  // leave stops the runs that are shown: others will be loaded, and what the stage says until then is of no interest.
  leave() {
    this.pause();
    this.#playing = false;
    this.#left = true;
    this.#wanted = null;
  }

  pause() {
    this.#stopJumping();
    this.#tell({ type: 'pause' });
  }

  seek(t) {
    this.#wanted = null;
    this.#state.t = Math.min(Math.max(t, 0), this.#end);
    this.#tell({ type: 'seek', ms: this.#state.t });
  }

  // view shows the state's view beneath the lanes.
  view() { this.#tell({ type: 'view', view: this.#state.shows }); }

  // choose marks a thing, '' none.
  choose(thing) { this.#tell({ type: 'choose', thing }); }

  // follow chooses the next packet of the chosen connection, or the one before, and goes there.
  follow(dir) {
    this.pause();
    this.#wanted = null;
    this.#tell({ type: 'follow', dir });
  }

  // ask asks for the events around the present.
  ask(kind) { this.#tell({ type: 'events', kind }); }

  #tell(message) { if (this.#ready) this.#frame.contentWindow.postMessage(message, origin); }

  // restore brings a stage, new or not, to where the state is.
  #restore() {
    if (!this.#ready || !this.#logs) return;
    const { t, speed, shows, chosen } = this.#state;
    this.#tell({ type: 'theme', theme: theme() });
    const playing = this.#playing && !this.#jumps;
    this.#tell({ type: 'load', logs: this.#logs, why: this.#why, ms: t, playing, nsPerSecond: speed * 1e6, view: shows, chosen });
    this.#tell({ type: 'state' });
  }

  #hear(data) {
    switch (data.type) {
      case 'ready': this.#ready = true; this.#restore(); break;
      case 'tick': this.#tick(data); break;
      case 'height': this.#frame.style.height = `${Math.ceil(data.px)}px`; break;
      case 'lost': this.#restart(); break;
      case 'error': this.#on.failed(data.text); break;
      case 'chosen': if (!this.#left) this.#on.chosen(data); break;
      case 'events': if (!this.#left) this.#on.events(data); break;
      case 'key': this.#key(data); break;
      case 'click': this.#toggle(); break;
    }
  }

  // tick is where the stage is now.
  #tick({ ms: at, end, playing, nsPerSecond, fastest, speed, pace, text }) {
    if (this.#left) return;
    const state = this.#state;
    this.#playing = playing || this.#jumps > 0;
    this.#end = end;
    this.#pace = nsPerSecond / 1e6;
    state.t = at;
    if (playing || at < end) this.#wanted = null;
    $('time').max = end;
    $('time').value = at;
    $('time-out').textContent = ms(at);
    $('time').setAttribute('aria-valuetext', `${ms(at)} of ${ms(end)}`);
    $('speed').max = Math.log10(fastest / 1e6);
    $('speed').value = Math.log10(this.#pace);
    $('pace').textContent = pace;
    $('shows').textContent = `: ${speed}`;
    $('speed').setAttribute('aria-valuetext', `${pace}: ${speed}`);
    this.#label();
    this.#on.moved(at, this.#playing);
    clearTimeout(this.#later);
    if (this.#playing) return;
    this.#say(text ?? '');
    state.remember();
  }

  // say writes the live region, at most once a second: a screen reader reads one message to its end, the last.
  #say(text) {
    if ($('live').textContent === text) return;
    const wait = this.#said + 1000 - performance.now();
    if (wait > 0) {
      this.#later = setTimeout(() => this.#say(text), wait);
      return;
    }
    this.#said = performance.now();
    $('live').textContent = text;
  }

  #label() {
    $('play').setAttribute('aria-label', this.#playing ? 'Pause' : 'Play');
    $('play').classList.toggle('playing', this.#playing);
  }

  // restart makes a lost stage again; it restores the state as soon as it is ready.
  #restart() {
    const now = performance.now();
    this.#ready = false;
    this.#restarts = this.#restarts.filter((t) => now - t < 60_000);
    this.#restarts.push(now);
    if (this.#restarts.length > mostRestarts) {
      this.#on.failed('The picture was lost several times: the browser is short of graphics memory. Close other tabs and reload.');
      return;
    }
    this.#frame.contentWindow.location.replace(`stage.html?again#${theme()}`);
  }

  #toggle() {
    if (this.#playing) this.pause();
    else if (this.#calm.matches) this.#startJumping();
    else this.#tell({ type: 'play' });
  }

  // Jumps stand in for motion: once a second, by what a second would have shown.
  #startJumping() {
    if (this.#state.t >= this.#end) this.seek(0);
    this.#jumps = setInterval(() => {
      this.seek(this.#state.t + this.#pace);
      if (this.#state.t >= this.#end) this.#stopJumping();
    }, 1000);
    this.#playing = true;
    this.#label();
  }

  #stopJumping() {
    if (!this.#jumps) return;
    clearInterval(this.#jumps);
    this.#jumps = 0;
    this.#playing = false;
    this.#label();
    this.#tell({ type: 'state' });
  }

  #step(dir) {
    this.pause();
    this.#tell({ type: 'step', unit: $('unit').value, dir });
  }

  #jump(dir) {
    this.pause();
    this.#tell({ type: 'jump', kind: $('moment').value, dir });
  }

  // faster goes to the next of 1, 2, 5, 10 …, or to the one before.
  #faster(dir) {
    const ten = 10 ** Math.floor(Math.log10(this.#pace) + 1e-9);
    const notches = [0.5, 1, 2, 5, 10].map((n) => n * ten);
    this.#speed(dir > 0 ? notches.find((n) => n > this.#pace * 1.001) : notches.findLast((n) => n < this.#pace * 0.999));
  }

  // speed sets how many ms a second shows, as far as the slider goes.
  #speed(pace) {
    this.#pace = Math.min(Math.max(pace, 10 ** $('speed').min), 10 ** $('speed').max);
    this.#state.speed = this.#pace;
    this.#tell({ type: 'speed', nsPerSecond: this.#pace * 1e6 });
    this.#tell({ type: 'state' });
  }

  // key obeys a shortcut and tells whether it was one.
  #key({ key, repeat, ctrlKey, altKey, metaKey, ctrl, alt, meta }) {
    if (ctrlKey || altKey || metaKey || ctrl || alt || meta) return false;
    const act = {
      ' ': () => this.#toggle(),
      ArrowLeft: () => this.#step(-1),
      ArrowRight: () => this.#step(1),
      n: () => this.#jump(1),
      p: () => this.#jump(-1),
      '+': () => this.#faster(1),
      '=': () => this.#faster(1), // + without Shift on many keyboards
      '-': () => this.#faster(-1),
      Home: () => this.seek(0),
      End: () => this.seek(this.#end),
      ',': () => this.follow(-1),
      '.': () => this.follow(1),
      t: nextTheme,
    }[key.length === 1 ? key.toLowerCase() : key];
    if (!act) return this.#on.shortcut(key);
    if (!(repeat && key === ' ')) act(); // a space that is held down is one
    return true;
  }

  #buttons() {
    $('play').addEventListener('click', () => this.#toggle());
    $('start').addEventListener('click', () => this.seek(0));
    $('back').addEventListener('click', () => this.#step(-1));
    $('step').addEventListener('click', () => this.#step(1));
    $('next').addEventListener('click', () => this.#jump(1));
    $('previous').addEventListener('click', () => this.#jump(-1));
    $('time').addEventListener('input', () => this.seek(Number($('time').value)));
    $('speed').addEventListener('input', () => this.#speed(10 ** $('speed').value));
  }
}
