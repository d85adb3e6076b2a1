import ts from 'typescript';
import type { Cause } from '../../../src/model/cause.js';
import type { Replacement } from './edit.js';
import type { Statement, WorkflowSource } from './workflow-source.js';

/** One place where an operator can be applied. */
export interface Mutation {
  readonly replacements: readonly (Replacement | undefined)[];
  /** Any of these is right, where it breaks. */
  readonly causes: readonly Cause[];
  /**
   * What a finding may point at besides the changed lines: where something is gone, the nearest command
   * before it or behind it.
   */
  readonly around?: 'before' | 'after' | 'both';
  /** Further lines that are as good; only where the edit moves none. */
  readonly alsoLines?: readonly number[];
  /** No line of the code can be right, say because the whole workflow is gone. */
  readonly hasNoLine?: boolean;
  readonly equivalent?: boolean;
}

type Operator = (source: WorkflowSource) => Mutation[];

/**
 * What the program does to a workflow, by kind of edit. Each operator gives all places of a workflow at
 * which it can be applied; docs: README.md beside this folder.
 */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  'add-activity': (source) =>
    beforeEach(source, (indent) => ({
      replacements: [needsActivity(source), `await audit('added');\n${indent}`],
      causes: ['command-added'],
    })),
  'add-timer': (source) =>
    beforeEach(source, (indent) => ({
      replacements: [needs(source, 'sleep'), `await sleep(15);\n${indent}`],
      causes: ['command-added'],
    })),
  'add-local-activity': (source) =>
    beforeEach(source, (indent) => ({
      replacements: [
        needs(source, 'proxyLocalActivities'),
        `await proxyLocalActivities({ startToCloseTimeout: '5 seconds' }).count('added');\n${indent}`,
      ],
      causes: ['command-added'],
    })),
  'add-upsert': (source) =>
    beforeEach(source, (indent) => ({
      replacements: [needs(source, 'upsertMemo'), `upsertMemo({ added: 1 });\n${indent}`],
      causes: ['command-added'],
    })),
  'add-guarded-activity': (source) =>
    beforeEach(source, (indent) => ({
      replacements: [
        needsActivity(source),
        needs(source, 'patched'),
        `if (patched('added')) {\n${indent}  await audit('added');\n${indent}}\n${indent}`,
      ],
      causes: ['command-added'],
    })),
  'add-deprecated-patch': (source) =>
    beforeEach(source, (indent) => ({
      replacements: [
        needsActivity(source),
        needs(source, 'deprecatePatch'),
        `deprecatePatch('added');\n${indent}await audit('added');\n${indent}`,
      ],
      causes: ['patch-deprecated-early'],
    })),
  'remove-command': (source) =>
    commandsOf(source).map(({ node }) => ({
      replacements: [cut(source, node)],
      causes: ['command-removed'],
      around: 'both',
    })),
  'remove-wait': (source) =>
    waitsOf(source).map(({ node }) => ({
      replacements: [cut(source, node)],
      causes: ['command-moved', 'workflow-ends-earlier'],
      around: 'both',
    })),
  'replace-activity': (source) =>
    activityCalls(source).map((call) => ({
      replacements: [
        needsActivity(source),
        replace(
          source,
          call.expression,
          call.expression.getText() === 'audit' ? 'charge' : 'audit',
        ),
      ],
      causes: ['command-replaced'],
    })),
  'activity-to-timer': (source) =>
    plainActivities(source).map(({ node }) => ({
      replacements: [needs(source, 'sleep'), replace(source, node, 'await sleep(15);')],
      causes: ['command-replaced'],
    })),
  'timer-to-activity': (source) =>
    commandsOf(source)
      .filter(({ call }) => nameOf(call) === 'sleep')
      .map(({ node }) => ({
        replacements: [needsActivity(source), replace(source, node, `await audit('instead');`)],
        causes: ['command-replaced'],
      })),
  'activity-to-local': (source) =>
    plainActivities(source).map(({ node, call }) => ({
      replacements: [
        needs(source, 'proxyLocalActivities'),
        replace(
          source,
          node,
          `await proxyLocalActivities<typeof activities>({ startToCloseTimeout: '5 seconds' }).${call.getText()};`,
        ),
      ],
      causes: ['command-replaced', 'command-removed'],
      around: 'both',
    })),
  'swap-neighbours': (source) =>
    neighbours(source)
      .filter(([first, second]) => !uses(second.node, first.declares))
      .map(([first, second]) => ({
        replacements: [
          replace(source, first.node, second.node.getText()),
          replace(source, second.node, first.node.getText()),
        ],
        causes: ['commands-reordered', 'command-moved'],
      })),
  'move-behind-wait': (source) =>
    pairsOfStatements(source)
      .filter(([first, second]) => isCommand(source, first) && isWait(source, second))
      .filter(([first]) => first.declares.length === 0)
      .map(([first, second]) => ({
        replacements: [
          replace(source, first.node, second.node.getText()),
          replace(source, second.node, first.node.getText()),
        ],
        causes: ['command-moved', 'command-removed'],
        around: 'both',
      })),
  'move-before-wait': (source) =>
    pairsOfStatements(source)
      .filter(([first, second]) => isWait(source, first) && isCommand(source, second))
      .map(([first, second]) => ({
        replacements: [
          replace(source, first.node, second.node.getText()),
          replace(source, second.node, first.node.getText()),
        ],
        causes: ['command-moved'],
      })),
  'run-in-parallel': (source) =>
    neighbours(source)
      .filter((pair) => pair.every(({ declares }) => declares.length === 0))
      .map(([first, second]) => ({
        replacements: [
          replace(
            source,
            { getStart: () => first.node.getStart(), end: second.node.end },
            `await Promise.all([${awaited(first)}, ${awaited(second)}]);`,
          ),
        ],
        causes: ['command-moved'],
      })),
  'run-in-sequence': (source) =>
    parallels(source)
      .filter(({ statement }) => statement.declares.length === 0)
      .map(({ statement, elements, indent }) => ({
        replacements: [
          replace(
            source,
            statement.node,
            elements.map((element) => `await ${element.getText()};`).join(`\n${indent}`),
          ),
        ],
        causes: ['command-moved', 'command-removed'],
      })),
  'swap-in-parallel': (source) =>
    parallels(source).map(({ elements: [first, second] }) => ({
      replacements:
        first === undefined || second === undefined
          ? []
          : [replace(source, first, second.getText()), replace(source, second, first.getText())],
      causes: ['commands-reordered'],
    })),
  'add-in-parallel': (source) =>
    parallels(source).map(({ elements }) => ({
      replacements: [
        needsActivity(source),
        { ...at(elements.at(-1)?.end ?? 0), text: `, audit('added')` },
      ],
      causes: ['command-added'],
    })),
  'change-activity-id': (source) =>
    activityCalls(source)
      .filter((call) => source.kindOf(call) === 'activity')
      .map((call) => ({
        replacements: [
          needs(source, 'proxyActivities'),
          replace(
            source,
            call.expression,
            `proxyActivities<typeof activities>({ startToCloseTimeout: '10 seconds', activityId: 'chosen-${call.pos}' }).${call.expression.getText()}`,
          ),
        ],
        causes: ['identifier-differs'],
      })),
  'change-child-id': (source) =>
    properties(source, 'workflowId').map((initializer) => ({
      replacements: [replace(source, initializer, `\`chosen-\${workflowInfo().workflowId}\``)],
      causes: ['identifier-differs'],
      // The command is the whole call, and the ID one of its arguments.
      alsoLines: linesOfNode(source, initializer.parent.parent.parent),
    })),
  'return-early': (source) =>
    beforeEach(source, (indent) => ({
      replacements: [`if (input as unknown) return undefined as never;\n${indent}`],
      causes: ['workflow-ends-earlier'],
      around: 'before',
    })),
  'fail-early': (source) =>
    beforeEach(source, (indent) => ({
      replacements: [
        needs(source, 'ApplicationFailure'),
        `if (input as unknown) throw ApplicationFailure.nonRetryable('refused');\n${indent}`,
      ],
      causes: ['workflow-ends-earlier'],
      around: 'before',
    })),
  throw: (source) =>
    beforeEach(source, (indent) => ({
      replacements: [`if (input as unknown) throw new Error('a mistake');\n${indent}`],
      causes: ['workflow-threw'],
    })),
  'rename-type': (source) =>
    source.workflow.name === undefined
      ? []
      : [
          {
            replacements: identifiers(source, source.workflow.name.text).map((node) =>
              replace(source, node, `${node.text}Renamed`),
            ),
            causes: ['workflow-type-missing'],
            hasNoLine: true,
          },
        ],
  'rename-handler': (source) =>
    handlers(source).map(({ literal, isUpdate, lines }) => ({
      replacements: [replace(source, literal, `'${literal.text}Renamed'`)],
      causes: [isUpdate ? 'update-handler-missing' : 'signal-handler-missing'],
      alsoLines: lines,
    })),
  'remove-patch': (source) =>
    patches(source).flatMap(({ node, indent, block }) => [
      {
        replacements: [
          replace(source, node, block.map((one) => one.getText()).join(`\n${indent}`)),
        ],
        causes: ['patch-removed'] as const,
        around: 'both' as const,
      },
      {
        replacements: [cut(source, node)],
        causes: ['patch-removed'] as const,
        around: 'both' as const,
      },
    ]),
  'rename-patch': (source) =>
    patches(source).map(({ literal }) => ({
      replacements: [replace(source, literal, `'${literal.text}-2'`)],
      causes: ['patch-renamed'],
      around: 'after',
    })),
  'deprecate-patch': (source) =>
    patches(source).map(({ node, literal, indent, block }) => ({
      replacements: [
        needs(source, 'deprecatePatch'),
        replace(
          source,
          node,
          [`deprecatePatch(${literal.getText()});`, ...block.map((one) => one.getText())].join(
            `\n${indent}`,
          ),
        ),
      ],
      causes: [],
    })),
  'change-arguments': (source) =>
    activityCalls(source)
      .filter((call) => call.arguments.length > 0)
      .map((call) => ({
        replacements: call.arguments.map((argument) => replace(source, argument, `'changed'`)),
        causes: [],
      })),
  'change-options': (source) =>
    properties(source, 'startToCloseTimeout').map((initializer) => ({
      replacements: [replace(source, initializer, `'20 seconds'`)],
      causes: [],
    })),
  'change-duration': (source) =>
    source
      .statements()
      .flatMap(({ node }) => source.calls(node))
      .filter(
        (call) =>
          nameOf(call) === 'sleep' || (nameOf(call) === 'condition' && call.arguments.length > 1),
      )
      .flatMap((call) => {
        const duration = call.arguments.at(-1);
        if (duration === undefined) return [];
        const text = ts.isNumericLiteral(duration) ? `${Number(duration.text) + 10}` : `'5 hours'`;
        return [{ replacements: [replace(source, duration, text)], causes: [] }];
      }),
  comment: (source) =>
    beforeEach(source, (indent) => ({
      replacements: [`// What comes now is what it was.\n${indent}`],
      causes: [],
      equivalent: true,
    })),
  'rename-variable': (source) =>
    [...new Set(source.statements().flatMap(({ declares }) => declares))].flatMap((name) => {
      const found = identifiers(source, name);
      // In `{ name }` the name is both the variable's and the property's.
      if (found.some(({ parent }) => ts.isShorthandPropertyAssignment(parent))) return [];
      return [
        {
          replacements: found.map((node) => replace(source, node, `${name}Renamed`)),
          causes: [],
          equivalent: true,
        },
      ];
    }),
  'extract-function': (source) =>
    plainActivities(source).map(({ node, call }) => ({
      replacements: [replace(source, node, `await (async () => ${call.getText()})();`)],
      causes: [],
      equivalent: true,
    })),
  'add-log': (source) =>
    beforeEach(source, (indent) => ({
      replacements: [needs(source, 'log'), `log.info('on the way');\n${indent}`],
      causes: [],
      equivalent: true,
    })),
};

/** The operator's mutation with the text to insert in the place of a replacement. */
interface Insertion extends Omit<Mutation, 'replacements' | 'alsoLines'> {
  readonly replacements: readonly (Replacement | undefined | string)[];
}

/** One mutation before each statement of the workflow's course. */
function beforeEach(source: WorkflowSource, insertion: (indent: string) => Insertion): Mutation[] {
  return source.statements().map(({ node }) => {
    const { replacements, ...rest } = insertion(indentOf(node));
    return {
      ...rest,
      replacements: replacements.flatMap((one) =>
        one === undefined
          ? []
          : typeof one === 'string'
            ? [{ ...at(node.getStart()), text: one }]
            : [one],
      ),
    };
  });
}

type CommandStatement = Statement & { readonly call: ts.CallExpression };

function isCommand(source: WorkflowSource, statement: Statement): statement is CommandStatement {
  const { call } = statement;
  return call !== undefined && source.kindOf(call) !== 'wait' && isWhole(statement);
}

function isWait(source: WorkflowSource, statement: Statement): statement is CommandStatement {
  return (
    statement.call !== undefined && source.kindOf(statement.call) === 'wait' && isWhole(statement)
  );
}

/** `await f(…);` or `const x = await f(…);`, and nothing besides. */
function isWhole({ node, call }: Statement): boolean {
  return call !== undefined && node.getText().endsWith(`await ${call.getText()};`);
}

function commandsOf(source: WorkflowSource): CommandStatement[] {
  return source
    .statements()
    .filter((one): one is CommandStatement => isCommand(source, one) && one.declares.length === 0);
}

function waitsOf(source: WorkflowSource): CommandStatement[] {
  return source.statements().filter((one): one is CommandStatement => isWait(source, one));
}

function plainActivities(source: WorkflowSource): CommandStatement[] {
  return commandsOf(source).filter(({ call }) => source.kindOf(call) === 'activity');
}

function activityCalls(source: WorkflowSource): ts.CallExpression[] {
  return source
    .statements()
    .flatMap(({ node, call }) => (call === undefined ? [] : source.calls(node)))
    .filter((call) => source.kindOf(call) === 'activity');
}

function pairsOfStatements(source: WorkflowSource): [Statement, Statement][] {
  const all = source.statements();
  return all.flatMap((first, index): [Statement, Statement][] => {
    const second = all[index + 1];
    return second?.node.parent === first.node.parent ? [[first, second]] : [];
  });
}

/** Two commands in a row, each waited for. */
function neighbours(source: WorkflowSource): [CommandStatement, CommandStatement][] {
  return pairsOfStatements(source).filter(
    (pair): pair is [CommandStatement, CommandStatement] =>
      isCommand(source, pair[0]) && isCommand(source, pair[1]),
  );
}

/** Lists of calls that run at the same time. */
function parallels(
  source: WorkflowSource,
): { statement: Statement; elements: readonly ts.Expression[]; indent: string }[] {
  return source.statements().flatMap((statement) => {
    const found: ts.ArrayLiteralExpression[] = [];
    const visit = (node: ts.Node): void => {
      if (
        ts.isCallExpression(node) &&
        node.expression.getText() === 'Promise.all' &&
        node.arguments[0] !== undefined &&
        ts.isArrayLiteralExpression(node.arguments[0]) &&
        source.calls(node).length > 1
      ) {
        found.push(node.arguments[0]);
      }
      node.forEachChild(visit);
    };
    if (statement.call !== undefined) visit(statement.node);
    return found.map(({ elements }) => ({
      statement,
      elements,
      indent: indentOf(statement.node),
    }));
  });
}

function patches(
  source: WorkflowSource,
): { node: ts.Statement; literal: ts.StringLiteral; indent: string; block: ts.Statement[] }[] {
  return source.statements().flatMap(({ node }) => {
    if (!ts.isIfStatement(node) || !ts.isCallExpression(node.expression)) return [];
    const [literal] = node.expression.arguments;
    const isPatch = node.expression.expression.getText() === 'patched';
    if (!isPatch || literal === undefined || !ts.isStringLiteral(literal)) return [];
    const block = ts.isBlock(node.thenStatement) ? [...node.thenStatement.statements] : [];
    return [{ node, literal, indent: indentOf(node), block }];
  });
}

/** Signals and updates that are defined, each with the lines where its handler is set. */
function handlers(
  source: WorkflowSource,
): { literal: ts.StringLiteral; isUpdate: boolean; lines: number[] }[] {
  const found: { literal: ts.StringLiteral; isUpdate: boolean; lines: number[] }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const name = node.expression.getText();
      const [literal] = node.arguments;
      if (/^define(?:Signal|Update)$/u.test(name) && literal && ts.isStringLiteral(literal)) {
        const lines = identifiers(source, (node.parent as ts.VariableDeclaration).name.getText())
          .filter(({ parent }) => ts.isCallExpression(parent))
          .map((use) => source.file.getLineAndCharacterOfPosition(use.getStart()).line + 1);
        found.push({ literal, isUpdate: name === 'defineUpdate', lines });
      }
    }
    node.forEachChild(visit);
  };
  visit(source.file);
  return found;
}

function properties(source: WorkflowSource, name: string): ts.Expression[] {
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && node.name.getText() === name) found.push(node.initializer);
    node.forEachChild(visit);
  };
  visit(source.file);
  return found;
}

function identifiers(source: WorkflowSource, name: string): ts.Identifier[] {
  const found: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    const isProperty =
      (ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) ||
      (ts.isPropertyAssignment(node.parent) && node.parent.name === node);
    if (ts.isIdentifier(node) && node.text === name && !isProperty) found.push(node);
    node.forEachChild(visit);
  };
  source.file.forEachChild(visit);
  return found;
}

function linesOfNode(source: WorkflowSource, node: ts.Node): number[] {
  const first = source.file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  const last = source.file.getLineAndCharacterOfPosition(node.end).line + 1;
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function uses(node: ts.Node, names: readonly string[]): boolean {
  let found = false;
  const visit = (inner: ts.Node): void => {
    if (ts.isIdentifier(inner) && names.includes(inner.text)) found = true;
    inner.forEachChild(visit);
  };
  visit(node);
  return found;
}

function nameOf(call: ts.CallExpression): string {
  return call.expression.getText();
}

function awaited({ call }: CommandStatement): string {
  return call.getText();
}

function indentOf(node: ts.Node): string {
  const { character } = node.getSourceFile().getLineAndCharacterOfPosition(node.getStart());
  return ' '.repeat(character);
}

function at(offset: number): { from: number; to: number } {
  return { from: offset, to: offset };
}

function replace(
  _source: WorkflowSource,
  node: Pick<ts.Node, 'getStart' | 'end'>,
  text: string,
): Replacement {
  return { from: node.getStart(), to: node.end, text };
}

/** Takes the statement's lines out, with their line ends. */
function cut(source: WorkflowSource, node: ts.Node): Replacement {
  const from = source.text.lastIndexOf('\n', node.getStart()) + 1;
  return { from, to: source.text.indexOf('\n', node.end) + 1, text: '' };
}

/** Another name in the import from the SDK; no line moves. */
function needs(source: WorkflowSource, name: string): Replacement | undefined {
  const declaration = source.file.statements.find(
    (node): node is ts.ImportDeclaration =>
      ts.isImportDeclaration(node) && node.moduleSpecifier.getText() === `'@temporalio/workflow'`,
  );
  const bindings = declaration?.importClause?.namedBindings;
  if (bindings === undefined || !ts.isNamedImports(bindings)) {
    throw new Error('the workflow imports nothing from the SDK');
  }
  if (bindings.elements.some((element) => element.name.text === name)) return undefined;
  return { ...at(bindings.getStart() + 1), text: ` ${name},`, isAuxiliary: true };
}

/** The activity `audit` among those of the workflow; no line moves. */
function needsActivity(source: WorkflowSource): Replacement {
  const declaration = source.file.statements.find(
    (node) => ts.isVariableStatement(node) && node.getText().includes('proxyActivities'),
  );
  if (declaration === undefined) throw new Error('the workflow has no activities');
  const brace = declaration.getText().indexOf('{') + declaration.getStart() + 1;
  const text = source.activities.has('audit') ? '' : ' audit,';
  return { ...at(brace), text, isAuxiliary: true };
}
