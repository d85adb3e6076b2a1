import { describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { projectRoot } from '../../testing/project-root.js';

/** What holds for every page: its links lead somewhere, and it is short enough to be read. */

const MAX_BYTES = 25_000;

const pages = [
  ...readdirSync(projectRoot).filter((name) => name.endsWith('.md')),
  ...['docs', 'bench', 'conformance', 'examples'].flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
      .map((name) => join(folder, name)),
  ),
];

const read = (page: string): string => readFileSync(join(projectRoot, page), 'utf8');

/** Without what Markdown shows as it is: a link or a heading in there is none. */
function prose(markdown: string): string {
  return markdown
    .replace(/^(`{3,})[^]*?^\1$/gmu, '')
    .replace(/(`+)[^`]*?\1/gu, (code) => code.replace(/[[\]()#]/gu, ''));
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchors(page: string): ReadonlySet<string> {
  const taken = new Map<string, number>();
  const found = [...prose(read(page)).matchAll(/^#{1,6} +(.+?) *$/gmu)].map(([, heading = '']) => {
    const anchor = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/gu, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replace(/ /gu, '-');
    const before = taken.get(anchor) ?? 0;
    taken.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
  return new Set(found);
}

/** The links of a page within the repository that lead nowhere. */
function deadLinks(page: string): readonly string[] {
  return links(page).filter((link) => {
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : normalize(join(dirname(page), path));
    if (target.startsWith('..') || !existsSync(join(projectRoot, target))) return true;
    if (anchor === undefined) return false;
    return statSync(join(projectRoot, target)).isDirectory() || !anchors(target).has(anchor);
  });
}

function links(page: string): readonly string[] {
  return [...prose(read(page)).matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/gu)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/u.test(link));
}

describe('every page', () => {
  test('is looked at', () => {
    expect(pages).toEqual(
      expect.arrayContaining([
        'README.md',
        'CHANGELOG.md',
        'docs/semantics.md',
        'docs/causes/README.md',
      ]),
    );
    expect(pages.flatMap(links).length).toBeGreaterThan(150);
    expect(pages.flatMap(links).filter((link) => link.includes('#')).length).toBeGreaterThan(25);
  });

  test.each(pages)('%s: every link and every anchor leads somewhere', (page) => {
    expect(deadLinks(page)).toEqual([]);
  });

  test.each(pages)('%s has at most 25 kB', (page) => {
    expect(Buffer.byteLength(read(page))).toBeLessThanOrEqual(MAX_BYTES);
  });
});

/** Pages that the code, the action files and the schemas name in what a user reads. */
const NAMED = /\bdocs\/[\w./-]+?\.(?:md|json)\b/gu;

test('every page that a message, a comment or a description names is there', () => {
  const folders = [
    'src',
    'replayers',
    'fetch',
    'replay',
    'report',
    'retire',
    'docs',
    'testing',
    'bench',
  ];
  const files = [
    'action.yml',
    ...folders.flatMap((folder) =>
      readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(?:ts|mjs|go|py|java|yml|json)$/u.test(name))
        .filter((name) => !name.includes('node_modules'))
        .map((name) => join(folder, name)),
    ),
  ];
  const named = files.flatMap((file) =>
    [...read(file).matchAll(NAMED)].map(([page]) => ({ file, page })),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter(({ page }) => !existsSync(join(projectRoot, page)))).toEqual([]);
});

/** Pages for people who look into the code, and the paths that they name. */
const forAuthors = pages.filter((page) =>
  /^(?:README|CONTRIBUTING|docs\/architecture|docs\/internals\/.+|docs\/container)\.md$/u.test(
    page,
  ),
);
const PATH = /`((?:src|__tests__|scripts|testing|replayers|bench|demo|examples)\/[\w./-]*)`/gu;

test.each(forAuthors)('%s: every path of the code that it names is there', (page) => {
  const named = [...read(page).matchAll(PATH)].map(([, path = '']) => path);
  // A word in capitals stands for any language.
  const wanted = named.filter((path) => !path.includes('LANGUAGE'));
  expect(wanted.filter((path) => !existsSync(join(projectRoot, path)))).toEqual([]);
});

test('docs/architecture.md has every room of src/, and no other', () => {
  const [, table = ''] = read('docs/architecture.md').split('## Rooms');
  const rooms = [...(table.split('\n## ')[0] ?? '').matchAll(/^\| `([a-z]+)\/` \|/gmu)];
  const folders = readdirSync(join(projectRoot, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  expect(rooms.map(([, name]) => name).toSorted()).toEqual(folders.toSorted());
});

test('the quick start in the README is examples/workflows/go.yml, and the README is short', () => {
  const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
  const example = readFileSync(join(projectRoot, 'examples', 'workflows', 'go.yml'), 'utf8');
  expect(/```yaml\n(?<block>.*?)```/su.exec(readme)?.groups?.['block']).toBe(example);
  expect(Buffer.byteLength(readme)).toBeLessThan(12_000);
});
