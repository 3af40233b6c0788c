/** The picture of the landing page: roads come together, pass the split gate, and fan out again. */
export function SplitGate({ label }: { label: string }) {
  return (
    <svg role="img" aria-label={label} viewBox="0 0 520 440" className="w-full max-w-xl justify-self-center text-brick">
      <g fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" opacity="0.55">
        {ROADS.map((road) => (
          <path key={road} d={road} className="road" />
        ))}
      </g>
      <HalfGate />
      <g transform="translate(520 0) scale(-1 1)">
        <HalfGate />
      </g>
      <path d="M20 400h480" stroke="currentColor" strokeWidth="4" strokeLinecap="round" />
    </svg>
  );
}

/** From the programs below, through the opening, to the models above. */
const ROADS = [-220, -146, -73, 0, 73, 146, 220].map(
  (offset) =>
    `M${260 + offset} 436C${260 + offset * 0.4} 400 ${260 + offset * 0.05} 380 ${260 + offset * 0.05} 300V190C${260 + offset * 0.05} 110 ${260 + offset} 90 ${260 + offset} 6`,
);

/** Courses of brick, each narrower than the one below and flush with the road. */
const COURSES = [
  { top: 352, left: 74, height: 48 },
  { top: 312, left: 96, height: 36 },
  { top: 272, left: 112, height: 36 },
  { top: 226, left: 134, height: 42 },
  { top: 188, left: 150, height: 34 },
  { top: 154, left: 168, height: 30 },
  { top: 124, left: 184, height: 26 },
  { top: 100, left: 200, height: 20 },
  { top: 80, left: 212, height: 16 },
];

function HalfGate() {
  return (
    <g fill="currentColor">
      {COURSES.map(({ top, left, height }) => (
        <g key={top}>
          <path d={`M${left} ${top}H228V${top + height}H${left}Z`} />
          <path d={`M${left - 8} ${top + height - 8}h16v8h-16Z`} />
        </g>
      ))}
    </g>
  );
}
