// The engine's client: engine.wasm in a Worker, one promise per question.
export class Engine {
  #worker; #waiting = new Map(); #next = 1; #ready;
  constructor() {
    this.#worker = new Worker(new URL('worker.js', import.meta.url));
    this.#ready = new Promise((resolve, reject) => {
      this.#worker.onerror = (e) => reject(new Error(e.message || 'the simulator did not start'));
      this.#worker.onmessage = ({ data }) => {
        if (data.ready) return resolve();
        if (data.failed) return reject(new Error(data.failed));
        const pending = this.#waiting.get(data.id);
        this.#waiting.delete(data.id);
        if (data.error) pending.reject(new Error(data.error)); else pending.resolve(data);
      };
    });
  }
  async ask(op, question = {}) {
    await this.#ready;
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ ...question, id, op });
    });
  }
}
