import { cva, type VariantProps } from "class-variance-authority";
import { LoaderCircle } from "lucide-react";
import type { ComponentProps } from "react";
import { classNames } from "../lib/class-names.ts";

/** The look of a button, also for links that lead somewhere. */
export const buttonStyle = cva(
  "inline-flex shrink-0 select-none items-center justify-center gap-2 rounded-lg font-semibold whitespace-nowrap transition-colors disabled:opacity-60 [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      look: {
        primary: "bg-brand text-on-brand hover:bg-brand-strong",
        secondary: "border border-line bg-surface text-ink hover:border-edge hover:bg-sunken",
        quiet: "text-muted hover:bg-sunken hover:text-ink",
        danger: "bg-bad-fill text-on-brand hover:opacity-90",
      },
      size: {
        small: "min-h-8 px-3 text-sm",
        normal: "min-h-10 px-4 text-sm",
        large: "min-h-12 px-5 text-base",
        icon: "size-10 text-sm",
      },
    },
    defaultVariants: { look: "secondary", size: "normal" },
  },
);

interface ButtonProps extends ComponentProps<"button">, VariantProps<typeof buttonStyle> {
  /** Something is under way: the button says so and takes no second press, but keeps its place and the focus. */
  busy?: boolean;
}

export function Button({ look, size, busy = false, className, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={classNames(buttonStyle({ look, size }), busy && "cursor-progress", className)}
    >
      {busy ? <LoaderCircle aria-hidden className="motion-safe:animate-spin" /> : null}
      {children}
    </button>
  );
}
