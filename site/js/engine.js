// The engine's client: engine.wasm in a Worker, one promise per question.
export class Engine {
  #worker = new Worker(new URL('worker.js', import.meta.url));
  #waiting = new Map();
  #next = 1;
  #ready;
  #stopped = null; // why it answers no more

  constructor() {
    this.#ready = new Promise((resolve, reject) => {
      const stop = (why) => {
        this.#stopped = new Error(why);
        reject(this.#stopped);
        for (const pending of this.#waiting.values()) pending.reject(this.#stopped);
        this.#waiting.clear();
      };
      this.#worker.onerror = (event) => stop(event.message || 'the simulator did not start');
      this.#worker.onmessage = ({ data }) => {
        if (data.ready) resolve();
        else if (data.failed) stop(data.failed);
        else this.#answer(data);
      };
    });
  }

  #answer(data) {
    const pending = this.#waiting.get(data.id);
    this.#waiting.delete(data.id);
    if (data.error) pending?.reject(new Error(data.error.replace(/^--set \S+: /gm, ''))); // nobody typed an option here
    else pending?.resolve(data);
  }

  async ask(op, question = {}) {
    await this.#ready;
    if (this.#stopped) throw this.#stopped;
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ ...question, id, op });
    });
  }
}
