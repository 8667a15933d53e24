import path from 'node:path';
import ts from 'typescript';

/** The operators that are tried instead of each operator. */
const OPERATORS = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '&&': ['||'],
  '||': ['&&'],
  '??': ['&&'],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
};
/** Methods whose calls can be left out, which leaves the array or text as it was. */
const LEFT_OUT = new Set(['toReversed', 'toSorted', 'sort', 'filter', 'slice', 'trim', 'toLowerCase']);

/**
 * Lists every single fault that can be put into a source file: comparisons, logic, arithmetic, booleans, numbers, words (not prose, since
 * tests name codes), conditions, and statements and calls left out. Each has its `node`, `start` and `end` in the text and its replacement.
 */
export function listMutants(name, text) {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const found = [];
  const add = (node, replacement, range = [node.getStart(), node.getEnd()]) =>
    found.push({ name, node: nodeKey(node), start: range[0], end: range[1], replacement, ...describe(source, node, range, replacement) });
  const visit = (node) => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isInterfaceDeclaration(node)) return;
    if (ts.isTypeAliasDeclaration(node)) return;
    for (const [replacement, range] of faultsOf(node)) add(node, replacement, range);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** A key that is the same for the same node in another parse of the text. */
export function nodeKey(node) {
  return `${node.getStart()}:${node.getEnd()}:${node.kind}`;
}

function* faultsOf(node) {
  if (ts.isBinaryExpression(node)) {
    const operator = node.operatorToken.getText();
    const isText =
      operator === '+' && [node.left, node.right].some((side) => ts.isStringLiteralLike(side) || ts.isTemplateExpression(side));
    if (!isText) for (const other of OPERATORS[operator] ?? []) yield [other, [node.operatorToken.getStart(), node.operatorToken.getEnd()]];
  }
  if (node.kind === ts.SyntaxKind.TrueKeyword) yield ['false'];
  if (node.kind === ts.SyntaxKind.FalseKeyword) yield ['true'];
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) yield [node.operand.getText()];
  if (ts.isNumericLiteral(node)) yield [`(${node.getText()} + 1)`];
  if (ts.isStringLiteralLike(node) && !node.text.includes(' ') && !isName(node)) yield [node.text === '' ? `'x'` : `''`];
  if ((ts.isIfStatement(node) || ts.isWhileStatement(node)) && !ts.isPrefixUnaryExpression(node.expression)) {
    yield ['false', [node.expression.getStart(), node.expression.getEnd()]];
    if (ts.isIfStatement(node)) yield ['true', [node.expression.getStart(), node.expression.getEnd()]];
  }
  if (ts.isConditionalExpression(node)) {
    yield [node.whenTrue.getText()];
    yield [node.whenFalse.getText()];
  }
  if (ts.isExpressionStatement(node)) yield [';'];
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && LEFT_OUT.has(node.expression.name.text))
    yield [node.expression.expression.getText()];
}

/** Whether a literal is a member's name or the module of an import(), and so not a value. */
function isName(node) {
  const { parent } = node;
  if (ts.isPropertyAssignment(parent) || ts.isElementAccessExpression(parent))
    return parent.name === node || ts.isElementAccessExpression(parent);
  return ts.isCallExpression(parent) && parent.expression.kind === ts.SyntaxKind.ImportKeyword;
}

/** `line`, and `key`: a description of the fault that stays the same when lines above it change. */
function describe(source, node, [start, end], replacement) {
  const { line } = source.getLineAndCharacterOfPosition(start);
  const whole = source.text.slice(node.getStart(), node.getEnd());
  const changed = source.text.slice(node.getStart(), start) + replacement + source.text.slice(end, node.getEnd());
  const short = (text) => {
    const flat = text.replaceAll(/\s+/g, ' ');
    return flat.length > 60 ? `${flat.slice(0, 40)}…${flat.slice(-18)}` : flat;
  };
  const file = source.fileName.split(path.sep).join('/');
  return { line: line + 1, key: `${file}: \`${short(whole)}\` as \`${short(changed)}\`` };
}
