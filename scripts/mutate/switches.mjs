import ts from 'typescript';
import { nodeKey } from './mutants.mjs';

/**
 * A source with all of its faults at once, each behind a switch (`__fault(id) ? FAULTY : AS IT IS`), so that it is loaded only once for
 * all faults. `mutants` are those of this text, each with an `id`. Faults that can't be behind a switch (part of an optional chain, a
 * name in a pattern, in something that is created once and kept) are left out: `isSwitched` tells which have one.
 */
export function withSwitches(name, text, mutants) {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const byNode = new Map();
  for (const mutant of mutants) byNode.set(mutant.node, [...(byNode.get(mutant.node) ?? []), mutant]);
  const switched = new Set();
  const emit = (node, isKept) => {
    const kept = isKept || (ts.isCallExpression(node) && node.expression.getText() === 'later');
    const own = kept || !isSwitchable(node) ? [] : (byNode.get(nodeKey(node)) ?? []);
    for (const { id } of own) switched.add(id);
    const isHead = ts.isIfStatement(node) || ts.isWhileStatement(node);
    let [out, at] = ['', node.getStart()];
    for (const child of childrenOf(node)) {
      const inner = emit(child, kept);
      const head = isHead && child === node.expression ? own : [];
      out +=
        text.slice(at, child.getStart()) + head.reduce((rest, { id, replacement }) => `(__fault(${id}) ? ${replacement} : ${rest})`, inner);
      at = child.getEnd();
    }
    out += text.slice(at, node.getEnd());
    return isHead ? out : own.reduce((rest, mutant) => choose(text, node, mutant, rest), out);
  };
  const whole = text.slice(0, source.getStart()) + emit(source, false) + text.slice(source.getEnd());
  return { text: whole, isSwitched: ({ id }) => switched.has(id) };
}

function choose(text, node, { id, start, end, replacement }, rest) {
  if (ts.isExpressionStatement(node)) return `{ if (!__fault(${id})) { ${rest} } }`;
  // An operator with another precedence must not take its neighbours' operands.
  const faulty = ts.isBinaryExpression(node)
    ? `(${node.left.getText()}) ${replacement} (${node.right.getText()})`
    : text.slice(node.getStart(), start) + replacement + text.slice(end, node.getEnd());
  return `(__fault(${id}) ? (${faulty}) : (${rest}))`;
}

function isSwitchable(node) {
  const { parent } = node;
  if (node.flags & ts.NodeFlags.OptionalChain || parent === undefined || ts.isTaggedTemplateExpression(parent)) return false;
  return !ts.isNumericLiteral(node) || (parent.name !== node && parent.propertyName !== node);
}

function childrenOf(node) {
  const children = [];
  ts.forEachChild(node, (child) => void children.push(child));
  return children.toSorted((a, b) => a.getStart() - b.getStart());
}
