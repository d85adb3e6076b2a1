/** A line in a chart. */
export interface Curve {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Chart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly curves: readonly Curve[];
  /** Whether each tenfold of x is as wide as the next. */
  readonly isLogarithmic?: boolean;
}

const WIDTH = 640;
const HEIGHT = 320;
const LEFT = 64;
const RIGHT = 20;
const TOP = 36;
const BOTTOM = 48;

/** Told apart by people who see no colours too: the dashes differ. */
const STYLES = [
  'stroke="#1f6feb"',
  'stroke="#9a6700" stroke-dasharray="6 3"',
  'stroke="#57606a" stroke-dasharray="2 3"',
] as const;

/** A chart of lines as SVG, without anything outside of itself, on white so that it shows on dark pages. */
export function chart({ title, xLabel, yLabel, curves, isLogarithmic = false }: Chart): string {
  const all = curves.flatMap(({ points }) => points);
  const xs = all.map(([x]) => x);
  const scaleX = (x: number): number => (isLogarithmic ? Math.log10(Math.max(x, 1)) : x);
  const [least, most] = [scaleX(Math.min(...xs)), scaleX(Math.max(...xs))];
  const highest = niceAbove(Math.max(...all.map(([, y]) => y)));
  const px = (x: number): number =>
    LEFT + ((scaleX(x) - least) / (most - least || 1)) * (WIDTH - LEFT - RIGHT);
  const py = (y: number): number => HEIGHT - BOTTOM - (y / highest) * (HEIGHT - TOP - BOTTOM);
  const text = (x: number, y: number, words: string, anchor = 'middle'): string =>
    `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escaped(words)}</text>`;
  const ticks = [0, 1, 2, 3, 4].map((fourth) => (highest * fourth) / 4);
  const marks = [...new Set(xs)].sort((a, b) => a - b);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}" font-family="sans-serif" font-size="12" fill="#1f2328">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text(WIDTH / 2, 20, title),
    ...ticks.flatMap((y) => [
      `<path d="M${LEFT} ${round(py(y))}H${WIDTH - RIGHT}" stroke="#d0d7de"/>`,
      text(LEFT - 6, py(y) + 4, short(y), 'end'),
    ]),
    ...spaced(marks, px).map((x) => text(px(x), HEIGHT - BOTTOM + 16, short(x))),
    text(WIDTH / 2, HEIGHT - 8, xLabel),
    `<text transform="translate(14 ${round((HEIGHT - BOTTOM + TOP) / 2)}) rotate(-90)" text-anchor="middle">${escaped(yLabel)}</text>`,
    ...curves.flatMap(({ name, points }, index) => {
      const style = STYLES[index % STYLES.length] ?? STYLES[0];
      const path = points.map(([x, y]) => `${round(px(x))} ${round(py(y))}`).join('L');
      const y = TOP + 8 + index * 16;
      return [
        `<path d="M${path}" fill="none" stroke-width="2" ${style}/>`,
        ...points.map(
          ([px0, py0]) =>
            `<circle cx="${round(px(px0))}" cy="${round(py(py0))}" r="2.5" ${style.replace('stroke=', 'fill=').replace(/ stroke-dasharray="[^"]*"/u, '')}/>`,
        ),
        `<path d="M${LEFT + 12} ${y}h24" stroke-width="2" ${style}/>`,
        text(LEFT + 42, y + 4, name, 'start'),
      ];
    }),
    '</svg>',
    '',
  ].join('\n');
}

/** Histories a second by the number of replay processes, beside the reference's one. */
export function speedCurve(
  points: readonly { readonly processes: number; readonly perSecond: number }[],
): string {
  const gate = points.filter(({ processes }) => processes > 0);
  const reference = points.find(({ processes }) => processes === 0)?.perSecond ?? 0;
  return chart({
    title: 'Histories replayed a second, on 2 cores',
    xLabel: 'replay processes',
    yLabel: 'histories a second',
    curves: [
      { name: 'gate', points: gate.map(({ processes, perSecond }) => [processes, perSecond]) },
      {
        name: 'reference loop, one process',
        points: gate.map(({ processes }) => [processes, reference]),
      },
    ],
  });
}

/** Memory of the parent by the number of executions that the server lists. */
export function memoryCurve(points: readonly (readonly [number, number])[]): string {
  return chart({
    title: 'Peak memory of the parent',
    xLabel: 'executions listed',
    yLabel: 'MB',
    isLogarithmic: true,
    curves: [
      { name: 'gate', points },
      { name: 'target', points: points.map(([executions]) => [executions, 250]) },
    ],
  });
}

/** Only labels that do not run into each other. */
function spaced(marks: readonly number[], px: (x: number) => number): number[] {
  const kept: number[] = [];
  for (const mark of marks) {
    const last = kept.at(-1);
    if (last === undefined || px(mark) - px(last) >= 36) kept.push(mark);
  }
  return kept;
}

/** The next of 1, 2, 4, 5, 8 and 10 times a power of ten: a fourth of it is a number to read. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value || 1));
  return ([1, 2, 4, 5, 8, 10].find((factor) => factor * power >= value) ?? 10) * power;
}

function short(value: number): string {
  return value >= 1000 && value % 100 === 0
    ? `${value / 1000}k`
    : String(Number(value.toPrecision(3)));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
