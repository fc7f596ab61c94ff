// A goal that the build has parsed: a number, a text, or a list of an operator and what it is applied to.
//
//   ["<", ["/", ["get", "variant", "persistent", "finished_ms"], 3], 500, {name: "a third", unit: "ms"}]
const operators = {
  '+': (a, b) => a + b, '-': (a, b) => (b === undefined ? -a : a - b), '*': (a, b) => a * b, '/': (a, b) => a / b,
  '<': (a, b) => a < b, '<=': (a, b) => a <= b, '>': (a, b) => a > b, '>=': (a, b) => a >= b, '==': (a, b) => a === b, '!=': (a, b) => a !== b,
  and: (a, b) => a && b, or: (a, b) => a || b, not: (a) => !a, '?': (a, b, c) => (a ? b : c),
};
const isNote = (e) => typeof e === 'object' && !Array.isArray(e);

// outcome is a run as a goal sees it: each variant's result and ledger by name.
export const outcome = ({ result, ledger }) => ({
  variant: Object.fromEntries(result.variants.map((v) => [v.name, v])),
  ledger: Object.fromEntries(ledger.variants.map((v) => [v.name, v.run])),
});

export function evaluate(tree, run) {
  if (!Array.isArray(tree)) return tree;
  const [operator, ...rest] = tree;
  if (operator === 'get') return rest.reduce((at, name) => at[name], run);
  return operators[operator](...rest.filter((e) => !isNote(e)).map((e) => evaluate(e, run)));
}

// comparisons are those that a goal is made of: {name, unit, operator, is, wanted, reached}.
export function comparisons(tree, run) {
  if (!Array.isArray(tree)) return [];
  const note = tree.find(isNote);
  if (!note) return tree.slice(1).flatMap((e) => comparisons(e, run));
  const [operator, left, right] = tree;
  return [{ ...note, operator, is: evaluate(left, run), wanted: evaluate(right, run), reached: evaluate(tree, run) }];
}
