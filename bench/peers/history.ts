/** What a full run leaves in the repository: the table and the plot that the README shows. */
import type { Figure } from "../figure.ts";
import { keepFile, keepRun } from "../support/history.ts";
import { barPlot } from "../support/plot.ts";

const PLOTS = [
  ["peers.svg", "cpu_us", "CPU time for one 1 KB chat request", "µs"],
  ["peers-20k.svg", "cpu_us_20k", "CPU time for one 20 KB chat request", "µs"],
  ["peers-stream.svg", "cpu_us_stream", "CPU time for one stream of 50 chunks", "µs"],
  ["peers-p99.svg", "added_p99_ms", "What one request in a hundred waits longer, at 40 a second", "ms"],
  ["peers-memory.svg", "long_rss_mib", "Memory after a long load", "MiB"],
] as const;

/** The table and the plots, and the ratios beside those of earlier commits. */
export function keepHistory(names: readonly string[], figures: readonly Figure[]): void {
  for (const [file, column, title, unit] of PLOTS) {
    const bars = names.flatMap((name) => {
      const value = figures.find(({ figure }) => figure === `${name}_${column}`)?.value ?? null;
      // What is below nothing is noise.
      return value === null ? [] : [{ label: titleOf(name), value: Math.max(0, value), isOurs: isOurs(name) }];
    });
    bars.sort((one, other) => one.value - other.value);
    if (bars.length > 0) keepFile(file, barPlot(title, unit, bars));
  }
  keepFile("peers.md", table(names, figures));
  keepRun("peers", figures);
}

function isOurs(name: string): boolean {
  return name.startsWith("gapura");
}

const TITLES: Readonly<Record<string, string>> = {
  bun: "bare Bun proxy",
  nginx: "nginx",
  gomodel: "GoModel",
  litellm: "LiteLLM",
};

/** "gapura_governed" as a person writes it. */
function titleOf(name: string): string {
  return TITLES[name] ?? name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " ");
}

const COLUMNS = [
  ["cpu_us", "CPU µs, 1 KB"],
  ["over_bun", "÷ bare Bun"],
  ["over_nginx", "÷ nginx"],
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
    "Written by `npm run bench -- peers`; [bench/README.md](../README.md#peers) says what the columns mean, and what each does.",
    "",
    ...PLOTS.map(([file, , title]) => `![${title}](${file})`),
    "",
    `| | ${COLUMNS.map(([, title]) => title).join(" | ")} |`,
    `|---|${COLUMNS.map(() => "--:|").join("")}`,
    ...here.map((name) => `| ${titleOf(name)} | ${COLUMNS.map(([column]) => cell(name, column)).join(" | ")} |`),
    "",
    ...away,
    "",
  ].join("\n");
}
