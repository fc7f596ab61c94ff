// What a race is of, and what its link says: only what differs from the scenario's own values, and the time.
//
//   #scenario=page&rtt=250&connections=2&tls=1.3&race=1,4&t=800&speed=50&view=ladder&chosen=A:packet:12
//
// view is what is shown beneath the lanes, chosen a thing of lane A to D. rtt and t in ms, bandwidth in Mbit/s (0: unlimited), loss in %, size in kB, race the numbers of the variants, speed in
// ms per second of watching.
export const usual = 'gallery';

// keys are the link's names of what can be changed: the engine's field, how many of its units one of the link's is, and
// the most that a link may ask for, so that no link keeps a computer busy for minutes.
const keys = {
  rtt: { field: 'rtt_ms', unit: 1, most: 10_000 },
  bandwidth: { field: 'down', unit: 1e6, most: 100e9, whole: true },
  count: { field: 'count', unit: 1, least: 1, most: 1000, whole: true },
  size: { field: 'size', unit: 1e3, most: 100e6, whole: true },
  loss: { field: 'loss', unit: 1, most: 50 },
  connections: { field: 'connections_per_host', unit: 1, least: 1, most: 256, whole: true },
};

// words are the link's names of what is no number; the engine's fields have the same.
const words = ['http', 'tls'];
const mostLanes = 4;
export const views = ['none', 'ladder', 'requests', 'connections', 'window', 'sequence', 'server'];
const wide = matchMedia('(min-width: 820px)'); // as the stage's lanes are

// tidy is a number without the digits that binary fractions leave.
const tidy = (v) => Number(v.toPrecision(12));

export class State {
  scenario = usual;
  own = null; // the scenario's settings, from the engine
  values = {}; // the engine's fields as they are now
  lanes = []; // the numbers of the variants that race, from 1
  t = 0; // ms
  speed = 0; // ms per second; 0: the stage chooses
  view = ''; // of views; '': what suits the screen
  chosen = ''; // a thing, as the stage names it
  #wanted = new Map(); // of the link, until the scenario's settings are known

  constructor(hash) {
    const link = new URLSearchParams(hash.replace(/^#/, ''));
    this.scenario = link.get('scenario') || usual;
    const positive = (name) => Math.max(0, Number(link.get(name)) || 0);
    this.t = positive('t');
    this.speed = positive('speed');
    if (views.includes(link.get('view'))) this.view = link.get('view');
    if (/^[A-D]:(packet|request|connection):\d{1,9}$/.test(link.get('chosen') ?? '')) this.chosen = link.get('chosen');
    for (const [key, { field, unit, least = 0, most, whole }] of Object.entries(keys)) {
      const v = link.get(key) ? tidy(Number(link.get(key)) * unit) : NaN;
      if (v >= least && v <= most && (!whole || Number.isInteger(v))) this.#wanted.set(field, v);
    }
    for (const field of words) if (link.get(field)) this.#wanted.set(field, link.get(field));
    this.lanes = (link.get('race') ?? '').split(',').map(Number).filter((n) => n > 0 && Number.isInteger(n));
  }

  // shows is the view that is shown.
  get shows() { return this.view || (wide.matches ? 'ladder' : 'none'); }

  // pick turns to another scenario: nothing of the one before is kept.
  pick(scenario) {
    Object.assign(this, { scenario, own: null, values: {}, lanes: [], t: 0, speed: 0, chosen: '' });
    this.#wanted.clear();
  }

  // adopt takes the scenario's own values, and over them what the link wants and the scenario lets be changed.
  adopt(own) {
    this.own = own;
    this.values = { ...own };
    for (const [field, v] of this.#wanted) {
      if (this.free(field) && (own.options[field]?.includes(v) ?? true)) this.#set(field, v);
    }
    this.#wanted.clear();
    const known = [...new Set(this.lanes)].filter((n) => n <= own.variants.length).sort((a, b) => a - b).slice(0, mostLanes);
    this.lanes = known.length > 1 ? known : own.lanes;
  }

  free(field) { return this.own.changes.some((c) => c.fields.includes(field)); }

  // change sets a field. What was chosen has another number in another run, or none.
  change(field, v) {
    this.chosen = '';
    this.#set(field, v);
  }

  // set keeps the way up in proportion to the way down.
  #set(field, v) {
    this.values[field] = v;
    if (field !== 'down' || !this.free('up')) return;
    const { down, up } = this.own;
    if (up === down || v === down) this.values.up = v === down ? up : v;
    else if (v > 0 && down > 0) this.values.up = Math.max(1, Math.round((up * v) / down));
    else this.values.up = up;
  }

  // enter has a variant race, or not.
  enter(n, races) {
    const others = this.lanes.filter((m) => m !== n);
    this.chosen = '';
    this.lanes = (races ? [...others, n] : others).sort((a, b) => a - b);
  }

  // full and few tell whether no further variant can race, or none can be left out.
  get full() { return this.lanes.length >= mostLanes; }

  get few() { return this.lanes.length <= 2; }

  reset() {
    this.values = { ...this.own };
    this.lanes = this.own.lanes;
    this.t = 0;
    this.speed = 0;
    this.chosen = '';
  }

  // sets are the changes as the engine takes them: "link.rtt=250ms".
  sets() {
    return this.own.changes
      .filter(({ fields }) => fields.some((f) => this.values[f] !== this.own[f]))
      .map(({ set }) => set.replace(/\{(\w+)\}/g, (whole, field) => (field in this.values ? this.values[field] : whole)));
  }

  hash() {
    const link = new URLSearchParams();
    if (this.scenario !== usual) link.set('scenario', this.scenario);
    for (const [key, { field, unit }] of Object.entries(keys)) {
      if (this.own && this.values[field] !== this.own[field]) link.set(key, tidy(this.values[field] / unit));
    }
    for (const field of words) if (this.own && this.values[field] !== this.own[field]) link.set(field, this.values[field]);
    if (this.own && String(this.lanes) !== String(this.own.lanes)) link.set('race', this.lanes);
    if (this.t > 0) link.set('t', Number(this.t.toFixed(6)));
    if (this.speed > 0) link.set('speed', Number(this.speed.toPrecision(3)));
    if (this.view) link.set('view', this.view);
    if (this.chosen) link.set('chosen', this.chosen);
    return String(link).replaceAll('%2C', ',').replaceAll('%3A', ':');
  }

  // remember keeps the state in the address, so that a reload or a copied link shows the same.
  remember() {
    const hash = this.hash();
    history.replaceState(null, '', hash ? `#${hash}` : location.pathname + location.search);
  }
}
