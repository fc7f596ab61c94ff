// The stage's document: starts stage.wasm, passes messages between it and the page, and keeps keys, wheel and touch
// from Ebitengine, which would swallow them. The picture takes no input but clicks: every control belongs to the page.
//
// A thing is named like "A:packet:12", "B:request:3", "A:connection:1"; "" is nothing. A theme is light, dark or projector.
//
// From the page:                                        To the page:
//   {type: 'load', logs: [ArrayBuffer, …]}                {type: 'ready'}  commands are obeyed from now on
//     optional: ms, playing, nsPerSecond, view, chosen,   {type: 'tick', ms, end, playing, done, speed, pace, nsPerSecond, fastest, text}
//     why: [text, …]                                        on every change, ten times a second while playing
//   {type: 'play'} {type: 'pause'} {type: 'seek', ms}     {type: 'height', px}  that suits the present width and view
//   {type: 'step', unit: 'event'|'packet'|'rtt', dir}     {type: 'chosen', thing, lane, request, connection, ms, text, messages}
//   {type: 'jump', kind: 'any'|'handshake'|'byte'|          whenever something else is chosen; messages are JSON
//     'loss'|'timer'|'close'|'failure', dir}              {type: 'events', kind, ms, events: [{ms, lane, thing, text}]}
//   {type: 'speed', nsPerSecond}                          {type: 'click'}  on nothing
//   {type: 'theme', theme}  (at first: stage.html#dark)   {type: 'key', key, code, shift, ctrl, alt, meta}
//   {type: 'view', view: 'none'|'ladder'|'requests'|      {type: 'lost'}  make the stage again, and restore
//     'connections'|'window'|'sequence'|'server'}         {type: 'error', text}
//   {type: 'choose', thing}  {type: 'follow', dir}
//     the next packet of the chosen connection
//   {type: 'events', kind}   asks for what happens around the present; also kind 'packet'
//   {type: 'state'}   asks for a tick
(() => {
  'use strict';
  const page = window.parent;
  const origin = location.origin === 'null' ? '*' : location.origin;
  const post = (message) => page.postMessage(message, origin);

  // While nothing changes, the program says that it rests: its next frame is held back until there is news for it.
  const frame = window.requestAnimationFrame.bind(window);
  let resting = false;
  let held = null;
  window.requestAnimationFrame = (f) => {
    if (!resting) return frame(f);
    held = f;
    return 0;
  };
  const wake = () => {
    resting = false;
    if (held) frame(held);
    held = null;
  };

  const waiting = []; // messages that come before the program has started
  let command = null;

  window.keepaliveStage = {
    post,
    set command(f) { command = f; },
    resized: null,
    rest() { resting = true; },
    get resting() { return held !== null; },
    // started is called by the program as soon as it takes commands.
    started() {
      post({ type: 'ready' });
      waiting.splice(0).forEach((message) => command(message));
    },
  };

  const paint = (theme) => { document.documentElement.className = theme; };
  paint(location.hash.slice(1));

  window.addEventListener('message', (event) => {
    if (event.source !== page || !event.data || typeof event.data.type !== 'string') return;
    if (event.data.type === 'theme') paint(event.data.theme);
    wake();
    if (command) command(event.data);
    else waiting.push(event.data);
  });

  window.addEventListener('resize', () => {
    wake();
    if (window.keepaliveStage.resized) window.keepaliveStage.resized();
  });

  // Capture on the window comes before any listener of the canvas.
  const first = { capture: true, passive: true };
  const hide = (event) => event.stopImmediatePropagation();

  // Keys: the browser keeps its defaults, Tab among them; the page hears of every key and may act on it. Space alone
  // loses its default: it is play and pause, and would scroll the page as well.
  const relay = (event) => {
    hide(event);
    if (event.code === 'Space' && !event.ctrlKey && !event.altKey && !event.metaKey) event.preventDefault();
    if (event.type !== 'keydown') return;
    const { key, code, shiftKey: shift, ctrlKey: ctrl, altKey: alt, metaKey: meta } = event;
    post({ type: 'key', key, code, shift, ctrl, alt, meta });
  };
  for (const type of ['keydown', 'keyup', 'keypress']) window.addEventListener(type, relay, { capture: true });

  // Wheel and touch: this document has nothing to scroll, so the browser scrolls the page by itself, unless a listener
  // prevents it.
  for (const type of ['wheel', 'touchstart', 'touchmove', 'touchend', 'touchcancel']) window.addEventListener(type, hide, first);

  // Pointer: a click or a tap chooses what lies there. The page hears of what was chosen, or that nothing was there.
  for (const type of ['mousedown', 'mouseup', 'mousemove', 'contextmenu', 'dragover', 'drop']) window.addEventListener(type, hide, first);
  window.addEventListener('click', (event) => {
    hide(event);
    if (!command) return;
    wake();
    command({ type: 'point', x: event.clientX, y: event.clientY, touch: event.pointerType === 'touch' });
  }, first);

  // A lost context: Ebitengine would reload this document by itself; the page does it instead and restores the state.
  window.addEventListener('webglcontextlost', (event) => { hide(event); post({ type: 'lost' }); }, { capture: true });

  // Ebitengine reads the device pixel ratio once: when it changes, by zooming or on another screen, the page makes a new stage.
  const ratio = devicePixelRatio;
  let told = false;
  const checkRatio = () => {
    if (devicePixelRatio === ratio || told) return;
    told = true;
    post({ type: 'lost', why: 'ratio' });
  };
  matchMedia(`(resolution: ${ratio}dppx)`).addEventListener('change', checkRatio);
  window.addEventListener('resize', checkRatio);

  // Off-screen nothing is drawn; the player goes on, and so do its ticks.
  new IntersectionObserver((entries) => {
    const message = { type: 'hidden', hidden: !entries[entries.length - 1].isIntersecting };
    if (command) command(message);
    else waiting.push(message);
  }).observe(document.documentElement);

  // The canvas is an image: out of the tab order. Its words are in the page, which gets them with every tick.
  new MutationObserver(() => {
    for (const canvas of document.querySelectorAll('canvas[tabindex]')) {
      canvas.removeAttribute('tabindex');
      canvas.setAttribute('aria-hidden', 'true');
    }
  }).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ['tabindex'] });

  const go = new Go();
  const source = new URL('stage.wasm', location.href);
  const fail = (error) => post({ type: 'error', text: `The picture: ${error.message || error}` });
  const load = async () => {
    const response = await fetch(source);
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    if (response.headers.get('Content-Type') === 'application/wasm') return WebAssembly.instantiateStreaming(response, go.importObject);
    return WebAssembly.instantiate(await response.arrayBuffer(), go.importObject);
  };
  const start = async () => {
    if (!document.createElement('canvas').getContext('webgl2')) {
      throw new Error('this browser draws no WebGL 2, so there is no moving picture; the figures and tables are complete');
    }
    const { instance } = await load();
    await go.run(instance);
    throw new Error('the picture has stopped; reload the page');
  };
  start().catch(fail);
})();
