/**
 * Columns over time, each stacked from parts. Drawn as SVG of its own: what a chart library weighs is more than the rest
 * of the site. A pointer or the arrow keys choose a column, whose figures are then read out; Enter or a click picks it.
 * Whoever cannot see it has the same figures in a table beside it, which is the caller's to draw.
 */
import { type KeyboardEvent, type PointerEvent, type ReactNode, useId, useState } from "react";
import { classNames } from "../../lib/class-names.ts";
import { labelEvery, textPx, ticksUpTo } from "./scale.ts";
import { useWidth } from "./use-width.ts";

export interface ChartPart {
  name: string;
  /** A CSS colour. */
  color: string;
  /** A height for each time. */
  values: readonly number[];
}

interface ColumnChartProps {
  /** What the chart shows, for assistive technology. */
  label: string;
  times: readonly number[];
  parts: readonly ChartPart[];
  isWhole: boolean;
  heightPx?: number;
  tick: (value: number) => string;
  timeLabel: (timeMs: number) => string;
  /** What a column says of itself. */
  tip: (index: number) => ReactNode;
  /** The same as one sentence. */
  tipText: (index: number) => string;
  /** Something to do with a column. */
  onPick?: ((index: number) => void) | undefined;
}

/** At least so wide is what stands left of the columns, so that charts of small numbers begin at one line. */
const LEAST_LEFT_PX = 58;
const TICK_GAP_PX = 8;
const BOTTOM_PX = 24;
const TOP_PX = 8;
const LEAST_LABEL_PX = 64;
const LABEL_GAP_PX = 14;
const TIP_PX = 240;

export function ColumnChart(props: ColumnChartProps) {
  const { label, times, parts, isWhole, heightPx = 256, tipText, onPick } = props;
  const [frame, widthPx] = useWidth();
  const [chosen, setChosen] = useState<number | null>(null);
  const id = useId();
  const index = chosen === null ? null : Math.min(chosen, times.length - 1);
  const sums = times.map((_, at) => parts.reduce((sum, { values }) => sum + (values[at] ?? 0), 0));
  const ticks = ticksUpTo(Math.max(0, ...sums), isWhole);
  const leftPx = Math.max(LEAST_LEFT_PX, textPx(ticks.map(props.tick)) + TICK_GAP_PX);
  const plotPx = Math.max(1, widthPx - leftPx);
  const columnPx = plotPx / Math.max(1, times.length);
  const indexAt = ({ clientX, currentTarget }: PointerEvent) => {
    const fromLeft = clientX - currentTarget.getBoundingClientRect().left - leftPx;
    return Math.max(0, Math.min(times.length - 1, Math.floor(fromLeft / columnPx)));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") setChosen(null);
    if (event.key === "Enter" && index !== null) onPick?.(index);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: for the pointer; the slider inside does the same for the keyboard
    <div
      ref={frame}
      className="relative rounded-lg has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-brand"
      style={{ height: heightPx }}
      onPointerMove={(event) => setChosen(indexAt(event))}
      onPointerLeave={() => setChosen(null)}
      onClick={() => index !== null && onPick?.(index)}
      onKeyDown={onKeyDown}
      role="presentation"
    >
      <svg
        aria-hidden
        width={widthPx}
        height={heightPx}
        className={classNames("absolute inset-0", onPick && "cursor-pointer")}
      >
        <Grid {...props} {...{ ticks, leftPx, widthPx, heightPx, columnPx }} />
        {index === null ? null : (
          <rect
            x={leftPx + index * columnPx}
            y={TOP_PX}
            width={columnPx}
            height={heightPx - TOP_PX - BOTTOM_PX}
            fill="var(--color-line)"
            opacity={0.6}
          />
        )}
        <Columns parts={parts} times={times} {...{ leftPx, columnPx, heightPx }} highest={ticks.at(-1) ?? 1} />
      </svg>
      {/* A slider is what the arrow keys move everywhere, and what it says is read out. */}
      <input
        id={id}
        type="range"
        aria-label={label}
        min={0}
        max={Math.max(0, times.length - 1)}
        value={index ?? Math.max(0, times.length - 1)}
        aria-valuetext={tipText(index ?? Math.max(0, times.length - 1))}
        onChange={(event) => setChosen(Number(event.target.value))}
        onFocus={() => setChosen((now) => now ?? times.length - 1)}
        onBlur={() => setChosen(null)}
        className="sr-only"
      />
      {index === null ? null : (
        <div
          aria-hidden
          className="pointer-events-none absolute top-1 z-10 max-w-60 rounded-lg border border-line bg-surface px-3 py-2 text-sm shadow-float"
          style={{ left: Math.max(0, Math.min(widthPx - TIP_PX, leftPx + (index + 0.5) * columnPx - TIP_PX / 2)) }}
        >
          {props.tip(index)}
        </div>
      )}
    </div>
  );
}

interface PlotSize {
  leftPx: number;
  widthPx: number;
  heightPx: number;
  columnPx: number;
}

function Grid({ times, tick, timeLabel, ticks, ...size }: ColumnChartProps & PlotSize & { ticks: readonly number[] }) {
  const { leftPx, widthPx, heightPx, columnPx } = size;
  const top = ticks.at(-1) ?? 1;
  const labelPx = Math.max(LEAST_LABEL_PX, textPx(times.map(timeLabel)) + LABEL_GAP_PX);
  const every = labelEvery(times.length, widthPx - leftPx, labelPx);
  const style = { fontSize: 12, fill: "var(--color-muted)" } as const;
  return (
    <>
      {ticks.map((value) => {
        const y = yOf(value / top, heightPx);
        return (
          <g key={value}>
            <line x1={leftPx} x2={widthPx} y1={y} y2={y} stroke="var(--color-line)" />
            <text x={leftPx - TICK_GAP_PX} y={y + 4} textAnchor="end" {...style}>
              {tick(value)}
            </text>
          </g>
        );
      })}
      {times.map((time, index) => {
        const x = leftPx + (index + 0.5) * columnPx;
        if (index % every !== 0 || x + labelPx / 2 > widthPx) return null;
        return (
          <text key={time} x={Math.max(x, leftPx + 16)} y={heightPx - 6} textAnchor="middle" {...style}>
            {timeLabel(time)}
          </text>
        );
      })}
    </>
  );
}

interface ColumnsProps {
  times: readonly number[];
  parts: readonly ChartPart[];
  leftPx: number;
  columnPx: number;
  heightPx: number;
  highest: number;
}

function Columns({ times, parts, leftPx, columnPx, heightPx, highest }: ColumnsProps) {
  const barPx = Math.max(0.75, Math.min(34, columnPx * 0.78));
  return times.map((time, index) => {
    let below = 0;
    return (
      <g key={time}>
        {parts.map(({ name, color, values }) => {
          const value = values[index] ?? 0;
          if (value <= 0) return null;
          const bottom = yOf(below / highest, heightPx);
          below += value;
          const y = yOf(below / highest, heightPx);
          const x = leftPx + (index + 0.5) * columnPx - barPx / 2;
          return <rect key={name} x={x} y={y} width={barPx} height={Math.max(0.5, bottom - y)} fill={color} />;
        })}
      </g>
    );
  });
}

function yOf(share: number, heightPx: number): number {
  const plot = heightPx - TOP_PX - BOTTOM_PX;
  return TOP_PX + plot * (1 - share);
}
