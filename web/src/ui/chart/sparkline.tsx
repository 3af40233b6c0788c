/** The shape of some figures, beside the figure that says them. Hidden from assistive technology for that reason. */
export function Sparkline({ values, color = "var(--color-brand)" }: { values: readonly number[]; color?: string }) {
  const highest = Math.max(...values, 0);
  if (values.length < 2 || highest === 0) return <div aria-hidden className="h-8" />;
  const x = (index: number) => ((index / (values.length - 1)) * 100).toFixed(2);
  const y = (value: number) => (29 - (value / highest) * 26).toFixed(2);
  const line = values.map((value, index) => `${x(index)},${y(value)}`).join(" ");
  return (
    <svg aria-hidden viewBox="0 0 100 32" preserveAspectRatio="none" className="h-8 w-full">
      <polygon points={`0,32 ${line} 100,32`} fill={color} opacity={0.14} />
      <polyline points={line} fill="none" stroke={color} strokeWidth={1.75} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
