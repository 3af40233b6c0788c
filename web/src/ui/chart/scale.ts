/** The arithmetic of a chart of columns: where lines go, and which times get a label. */

/** Round values from nothing up to at least the highest, four steps or fewer. */
export function ticksUpTo(highest: number, isWhole: boolean): number[] {
  if (!(highest > 0)) return [0, 1];
  const rough = highest / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  const whole = isWhole ? Math.max(1, Math.ceil(step)) : step;
  const count = Math.ceil(highest / whole - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => index * whole);
}

/** Every how manieth column is labelled, so that labels of this width do not touch. */
export function labelEvery(columns: number, widthPx: number, labelPx: number): number {
  const fit = Math.max(1, Math.floor(widthPx / labelPx));
  return Math.max(1, Math.ceil(columns / fit));
}

/** About as wide as the longest of these is at the size of a chart's labels, and rather wider than that. */
export function textPx(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length)) * CHARACTER_PX;
}

const CHARACTER_PX = 7;
