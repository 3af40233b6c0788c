/** A plot of bars, lying, as an SVG file that a README can show. No library: it is rectangles and texts. */
export interface Bar {
  label: string;
  value: number;
  /** Drawn in the colour of the product. */
  isOurs: boolean;
}

const WIDTH = 720;
const ROW = 34;
const TOP = 56;
/** Room for a label, by its letters. */
const LEAST_LABEL_WIDTH = 150;
const LETTER_WIDTH = 7.8;
const VALUE_WIDTH = 110;

/** Bars on a logarithmic scale where the values are further apart than a hundredfold, else on a linear one. */
export function barPlot(title: string, unit: string, bars: readonly Bar[]): string {
  const largest = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const smallest = Math.min(...bars.map(({ value }) => value));
  const isLogarithmic = smallest > 0 && largest / smallest > 100;
  const longest = Math.max(...bars.map(({ label }) => label.length));
  const labelWidth = Math.max(LEAST_LABEL_WIDTH, Math.ceil(longest * LETTER_WIDTH) + 24);
  const room = WIDTH - labelWidth - VALUE_WIDTH;
  const floor = smallest / 2;
  const length = (value: number) =>
    room * (isLogarithmic ? Math.log(value / floor) / Math.log(largest / floor) : value / largest);
  const height = TOP + bars.length * ROW + 12;
  const rows = bars.map(({ label, value, isOurs }, index) => {
    const y = TOP + index * ROW;
    const end = labelWidth + length(value);
    return `
  <text x="${labelWidth - 10}" y="${y + 19}" text-anchor="end">${escaped(label)}</text>
  <rect x="${labelWidth}" y="${y + 4}" width="${length(value).toFixed(1)}" height="${ROW - 12}" rx="3" fill="${isOurs ? "#b45309" : "#a8a29e"}"/>
  <text x="${(end + 8).toFixed(1)}" y="${y + 19}">${value.toLocaleString("en-US", { maximumSignificantDigits: 3 })} ${escaped(unit)}</text>`;
  });
  const scale = isLogarithmic ? " (logarithmic)" : "";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="14" fill="#57534e">
  <title>${escaped(title)}</title>
  <rect width="${WIDTH}" height="${height}" fill="#fafaf9"/>
  <text x="16" y="30" font-size="16" font-weight="600">${escaped(title + scale)}</text>${rows.join("")}
</svg>
`;
}

/** A text as it stands in SVG. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
