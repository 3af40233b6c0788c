import { classNames } from "../lib/class-names.ts";

/** Two mirrored half gates: flat towards the road, stepped towards the town. */
export function LogoMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={classNames("size-8 shrink-0 text-brick", className)}>
      <path
        fill="currentColor"
        d="M14.4 3v26H2v-4.1h2.2v-4.6h2.2v-5h2.2v-4.6h2V6.6h1.9V3Zm3.2 0v26H30v-4.1h-2.2v-4.6h-2.2v-5h-2.2v-4.6h-2V6.6h-1.9V3Z"
      />
    </svg>
  );
}

export function Logo({ className }: { className?: string }) {
  return (
    <span
      className={classNames("inline-flex items-center gap-2.5 text-lg font-bold tracking-tight text-ink", className)}
    >
      <LogoMark className="size-7" />
      Gapura
    </span>
  );
}
