// Starts engine.wasm; messages that come before it listens are kept by the client.
importScripts('../wasm_exec.js');
const go = new Go();
fetch(new URL('../engine.wasm', self.location))
  .then((r) => r.arrayBuffer())
  .then((bytes) => WebAssembly.instantiate(bytes, go.importObject))
  .then(({ instance }) => go.run(instance))
  .then(() => { throw new Error('the simulator has stopped; reload the page'); })
  .catch((e) => self.postMessage({ failed: `engine.wasm: ${e.message}` }));
