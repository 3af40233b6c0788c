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
    <div className={classNames("flex items-start rounded-lg border border-line bg-sunken", className)}>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="min-w-0 flex-1 overflow-x-auto rounded-lg p-4 font-mono text-[0.8125rem] leading-relaxed"
      >
        <code>{code}</code>
      </pre>
      <CopyButton
        text={code}
        aria-label={copyLabel}
        look="quiet"
        size="icon"
        className="m-1.5"
        {...(onCopied ? { onCopied } : {})}
      />
    </div>
  );
}
