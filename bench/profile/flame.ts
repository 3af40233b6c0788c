/**
 * A flame graph as an SVG file: what called what, from the top down, each as wide as the time in it and all that it calls.
 * A browser shows name and time of each box under the pointer.
 */
import { shown } from "../figure.ts";
import { escaped } from "../support/plot.ts";

interface Box {
  samples: number;
  below: Map<string, Box>;
}

const WIDTH = 1_200;
const ROW = 19;
const TOP = 44;
const MARGIN = 10;
/** Narrower boxes are left out. */
const LEAST_WIDTH = 0.6;
const LETTER_WIDTH = 6.3;
const FEWEST_LETTERS = 3;
/** What is called deeper counts for whoever stands there. */
const MOST_ROWS = 40;

export class FlameGraph {
  readonly #root: Box = emptyBox();

  /** One sample: its names, the outermost first. */
  add(names: readonly string[]): void {
    let box = this.#root;
    box.samples++;
    for (const name of names.slice(0, MOST_ROWS)) {
      const below = box.below.get(name) ?? emptyBox();
      below.samples++;
      box.below.set(name, below);
      box = below;
    }
  }

  /** `whole` is what all samples together stand for, in `unit`. */
  draw(title: string, { whole, unit }: { whole: number; unit: string }): string {
    const rows: string[] = [];
    let depth = 0;
    const each = { width: (WIDTH - 2 * MARGIN) / this.#root.samples, value: whole / this.#root.samples };
    const drawAll = (box: Box, x: number, row: number) => {
      let at = x;
      for (const [name, below] of [...box.below].sort(([, one], [, other]) => other.samples - one.samples)) {
        const width = below.samples * each.width;
        if (width < LEAST_WIDTH) continue;
        depth = Math.max(depth, row + 1);
        rows.push(drawn({ name, value: `${shown(below.samples * each.value)} ${unit}`, x: at, row, width }));
        drawAll(below, at, row + 1);
        at += width;
      }
    };
    drawAll(this.#root, MARGIN, 0);
    const height = TOP + depth * ROW + MARGIN;
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="ui-monospace, monospace" font-size="11" fill="#1c1917">
  <title>${escaped(title)}</title>
  <rect width="${WIDTH}" height="${height}" fill="#fafaf9"/>
  <text x="${MARGIN}" y="28" font-size="16" font-weight="600" font-family="system-ui, sans-serif">${escaped(title)}</text>
${rows.join("\n")}
</svg>
`;
  }
}

function emptyBox(): Box {
  return { samples: 0, below: new Map() };
}

interface Placed {
  name: string;
  value: string;
  x: number;
  row: number;
  width: number;
}

function drawn({ name, value, x, row, width }: Placed): string {
  const y = TOP + row * ROW;
  const label = fitting([`${name} ${value}`, name], Math.floor((width - 6) / LETTER_WIDTH));
  const text = label === "" ? "" : `<text x="${(x + 3).toFixed(1)}" y="${y + 13}">${escaped(label)}</text>`;
  const box = `<rect x="${x.toFixed(1)}" y="${y}" width="${Math.max(width - 0.4, 0.4).toFixed(1)}" height="${ROW - 1}" rx="1.5" fill="${colorOf(name)}"/>`;
  return `  <g><title>${escaped(`${name}: ${value}`)}</title>${box}${text}</g>`;
}

/** The first that there is room for, or the beginning of the last. */
function fitting(labels: readonly string[], letters: number): string {
  const whole = labels.find((label) => label.length <= letters);
  if (whole !== undefined) return whole;
  return letters < FEWEST_LETTERS ? "" : (labels.at(-1) ?? "").slice(0, letters);
}

/** The same name has the same colour everywhere, somewhere between red and yellow. */
function colorOf(name: string): string {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return `hsl(${18 + (hash % 34)} ${70 + (hash % 17)}% ${66 + (hash % 13)}%)`;
}
