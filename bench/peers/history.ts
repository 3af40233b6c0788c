/** What a full run leaves in the repository: the table and the plot that the README shows. */
import type { Figure } from "../figure.ts";
import { keepFile, keepRun } from "../support/history.ts";
import { barPlot } from "../support/plot.ts";

/** The table and the plot, and the ratios beside those of earlier commits. */
export function keepHistory(names: readonly string[], figures: readonly Figure[]): void {
  const figureNamed = (name: string) => figures.find(({ figure }) => figure === name)?.value ?? null;
  const bars = names.flatMap((name) => {
    const value = figureNamed(`${name}_cpu_us`);
    return value === null ? [] : [{ label: name, value, isOurs: name.startsWith("gapura") }];
  });
  bars.sort((one, other) => one.value - other.value);
  keepFile("peers.svg", barPlot("CPU time for one 1 KB chat request", "µs", bars));
  keepFile("peers.md", table(names, figures));
  keepRun("peers", figures);
}

const COLUMNS = [
  ["cpu_us", "CPU µs, 1 KB"],
  ["over_bun", "÷ bare Bun"],
  ["cpu_us_20k", "CPU µs, 20 KB"],
  ["cpu_us_stream", "CPU µs, 50 chunks"],
  ["per_second", "requests/s"],
  ["added_p50_ms", "added p50 ms"],
  ["added_p99_ms", "added p99 ms"],
  ["added_first_token_ms", "added first token ms"],
  ["streams_held", "streams held"],
  ["idle_rss_mib", "idle MiB"],
  ["loaded_rss_mib", "loaded MiB"],
  ["long_rss_mib", "MiB after long load"],
  ["start_ms", "start ms"],
] as const;

function table(names: readonly string[], figures: readonly Figure[]): string {
  const cell = (name: string, column: string) => {
    const found = figures.find(({ figure }) => figure === `${name}_${column}`);
    if (found === undefined || found.value === null) return "";
    return found.value.toLocaleString("en-US", { maximumSignificantDigits: 3 });
  };
  const here = names.filter((name) => cell(name, "cpu_us") !== "");
  const away = figures.flatMap(({ figure, missing }) =>
    missing === undefined ? [] : [`- ${figure.replace("_cpu_us", "")} could not be run: ${missing}.`],
  );
  return [
    "Written by `npm run bench -- peers`; bench/README.md says what the columns mean.",
    "",
    `| | ${COLUMNS.map(([, title]) => title).join(" | ")} |`,
    `|---|${COLUMNS.map(() => "--:|").join("")}`,
    ...here.map((name) => `| ${name} | ${COLUMNS.map(([column]) => cell(name, column)).join(" | ")} |`),
    "",
    ...away,
    "",
  ].join("\n");
}
