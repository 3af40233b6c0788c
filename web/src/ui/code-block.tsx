import { classNames } from "../lib/class-names.ts";
import { CopyButton } from "./copy-button.tsx";

interface CodeBlockProps {
  code: string;
  /** What the copy button is called. */
  copyLabel: string;
  className?: string;
  onCopied?: () => void;
}

/** Code to be copied as it stands. It scrolls inside itself, also by keyboard. */
export function CodeBlock({ code, copyLabel, className, onCopied }: CodeBlockProps) {
  return (
    <div className={classNames("relative rounded-lg border border-line bg-sunken", className)}>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="overflow-x-auto rounded-lg p-4 pr-14 font-mono text-[0.8125rem] leading-relaxed"
      >
        <code>{code}</code>
      </pre>
      <CopyButton
        text={code}
        aria-label={copyLabel}
        look="quiet"
        size="icon"
        className="absolute top-1.5 right-1.5 bg-sunken"
        {...(onCopied ? { onCopied } : {})}
      />
    </div>
  );
}
