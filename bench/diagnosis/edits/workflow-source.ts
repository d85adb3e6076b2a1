import ts from 'typescript';
import { lineAt } from './edit.js';

/** Functions of the SDK that issue a command wherever they are called. */
const COMMANDS: ReadonlySet<string> = new Set([
  'sleep',
  'executeChild',
  'startChild',
  'patched',
  'deprecatePatch',
  'upsertMemo',
  'upsertSearchAttributes',
  'continueAsNew',
]);

/** A statement of the workflow's own body, with what the operators ask about it. */
export interface Statement {
  readonly node: ts.Statement;
  /** The first call in it that issues a command, or waits. */
  readonly call: ts.CallExpression | undefined;
  /** What it declares, if anything. */
  readonly declares: readonly string[];
}

/** The text of one workflow's file, as far as the operators look into it. */
export class WorkflowSource {
  readonly text: string;
  readonly file: ts.SourceFile;
  readonly workflow: ts.FunctionDeclaration;
  /** Names of activities and local activities in it. */
  readonly activities: ReadonlySet<string>;
  readonly localActivities: ReadonlySet<string>;

  constructor(text: string, workflowType: string) {
    this.text = text;
    this.file = ts.createSourceFile(`${workflowType}.ts`, text, ts.ScriptTarget.ES2023, true);
    this.activities = this.proxied('proxyActivities');
    this.localActivities = this.proxied('proxyLocalActivities');
    // An edit can have renamed it: it is the first that is exported.
    const workflow = this.file.statements.find(ts.isFunctionDeclaration);
    if (workflow === undefined) throw new Error(`${workflowType} has no function`);
    this.workflow = workflow;
  }

  /** Statements in the workflow's body and in its blocks, outermost first; not those of handlers. */
  statements(): Statement[] {
    const found: Statement[] = [];
    const visit = (block: readonly ts.Statement[]): void => {
      for (const node of block) {
        found.push({ node, call: this.firstCall(node), declares: declaredNames(node) });
        for (const inner of blocksOf(node)) visit(inner.statements);
      }
    };
    visit(this.workflow.body?.statements ?? []);
    // The set-up of handlers and variables comes first and is none of the workflow's course.
    const first = found.findIndex(({ call, node }) => call !== undefined && !isHandler(node));
    return found.slice(first);
  }

  /** What the call does, by the function's name; `wait` for a condition without a time-out. */
  kindOf(call: ts.CallExpression): 'activity' | 'local-activity' | 'wait' | 'other' | undefined {
    const name = ts.isIdentifier(call.expression) ? call.expression.text : undefined;
    if (name === undefined) {
      return ts.isPropertyAccessExpression(call.expression) &&
        ['signal', 'cancel'].includes(call.expression.name.text)
        ? 'other'
        : undefined;
    }
    if (this.activities.has(name)) return 'activity';
    if (this.localActivities.has(name)) return 'local-activity';
    if (name === 'condition') return call.arguments.length > 1 ? 'other' : 'wait';
    return COMMANDS.has(name) ? 'other' : undefined;
  }

  /** All calls below a node that issue a command or wait, in the order of the text. */
  calls(below: ts.Node): ts.CallExpression[] {
    const found: ts.CallExpression[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && this.kindOf(node) !== undefined) found.push(node);
      node.forEachChild(visit);
    };
    visit(below);
    return found;
  }

  /**
   * Lines of the commands next to an offset: those before it, back to the nearest that every execution
   * has passed which comes here, and those behind it, alike; in a loop its first and last, too.
   */
  linesAround(offset: number, sides: 'before' | 'after' | 'both'): Set<number> {
    const lines = new Set<number>();
    const commands = this.calls(this.workflow).filter((call) => {
      const kind = this.kindOf(call);
      return kind !== 'wait' && kind !== undefined && !this.isInHandler(call);
    });
    const collect = (candidates: readonly ts.CallExpression[]): void => {
      for (const call of candidates) {
        const from = call.getStart(this.file);
        for (let line = lineAt(this.text, from); line <= lineAt(this.text, call.end); line += 1) {
          lines.add(line);
        }
        // What asks after a patch may issue nothing: then the next one is the nearest.
        if (nameOf(call) !== 'patched' && isOnTheWay(call, offset, this.workflow)) break;
      }
    };
    const before = commands.filter((call) => call.end <= offset).reverse();
    const after = commands.filter((call) => call.getStart(this.file) >= offset);
    if (sides !== 'after') collect(before);
    if (sides !== 'before') collect(after);
    const loop = this.loopAround(offset);
    if (loop !== undefined) {
      const inLoop = commands.filter((call) => call.pos >= loop.pos && call.end <= loop.end);
      if (sides !== 'before') collect(inLoop);
      if (sides !== 'after') collect([...inLoop].reverse());
    }
    return lines;
  }

  private loopAround(offset: number): ts.Node | undefined {
    let found: ts.Node | undefined;
    const visit = (node: ts.Node): void => {
      if (node.pos > offset || node.end < offset) return;
      if (ts.isForStatement(node) || ts.isForOfStatement(node) || ts.isWhileStatement(node)) {
        found = node;
      }
      node.forEachChild(visit);
    };
    visit(this.workflow);
    return found;
  }

  private isInHandler(node: ts.Node): boolean {
    for (let at: ts.Node = node; at !== this.workflow; at = at.parent) {
      if (ts.isStatement(at) && isHandler(at)) return true;
    }
    return false;
  }

  private firstCall(node: ts.Statement): ts.CallExpression | undefined {
    if (blocksOf(node).length > 0 || ts.isReturnStatement(node)) return undefined;
    return this.calls(node)[0];
  }

  private proxied(by: string): Set<string> {
    const names = new Set<string>();
    for (const statement of this.file.statements) {
      if (!ts.isVariableStatement(statement)) continue;
      for (const { name, initializer } of statement.declarationList.declarations) {
        if (
          initializer === undefined ||
          !ts.isCallExpression(initializer) ||
          initializer.expression.getText(this.file) !== by ||
          !ts.isObjectBindingPattern(name)
        ) {
          continue;
        }
        for (const element of name.elements) names.add(element.name.getText(this.file));
      }
    }
    return names;
  }
}

/** Whether whoever comes to `offset` has come past `call`, or will: no branch lies between. */
function isOnTheWay(call: ts.Node, offset: number, top: ts.Node): boolean {
  for (let at = call.parent; at !== top; at = at.parent) {
    const isBranch =
      ts.isIfStatement(at) ||
      ts.isFunctionLike(at) ||
      ts.isCatchClause(at) ||
      ts.isConditionalExpression(at) ||
      ts.isForStatement(at) ||
      ts.isForOfStatement(at);
    if (!isBranch || (at.getStart() <= offset && offset <= at.end)) continue;
    // What an `if` asks for, it asks for on every way.
    if (ts.isIfStatement(at) && call.pos >= at.expression.pos && call.end <= at.expression.end) {
      continue;
    }
    return false;
  }
  return true;
}

function nameOf(call: ts.CallExpression): string {
  return call.expression.getText();
}

function isHandler(node: ts.Statement): boolean {
  return node.getText().startsWith('setHandler(');
}

function blocksOf(node: ts.Statement): ts.Block[] {
  if (ts.isIfStatement(node)) {
    return [node.thenStatement, node.elseStatement].filter(
      (branch): branch is ts.Block => branch !== undefined && ts.isBlock(branch),
    );
  }
  if (ts.isForStatement(node) || ts.isForOfStatement(node)) {
    return ts.isBlock(node.statement) ? [node.statement] : [];
  }
  if (ts.isTryStatement(node)) {
    return [node.tryBlock, ...(node.catchClause === undefined ? [] : [node.catchClause.block])];
  }
  return [];
}

function declaredNames(node: ts.Statement): string[] {
  if (!ts.isVariableStatement(node)) return [];
  return node.declarationList.declarations.flatMap(({ name }) =>
    ts.isIdentifier(name)
      ? [name.text]
      : name.elements.flatMap((element) =>
          ts.isBindingElement(element) && ts.isIdentifier(element.name) ? [element.name.text] : [],
        ),
  );
}
