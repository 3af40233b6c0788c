import { Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { classNames } from "../lib/class-names.ts";
import { inputStyle } from "./text-field.tsx";

const PAUSE_MS = 250;

interface SearchFieldProps {
  label: string;
  /** Called after a short pause in typing, and at once when the field is cleared or left. */
  onSearch: (text: string) => void;
  initial?: string;
  className?: string;
}

export function SearchField({ label, onSearch, initial = "", className }: SearchFieldProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(initial);
  const report = useRef(onSearch);
  const reported = useRef(initial);
  report.current = onSearch;
  // Something else may search as well, as a link to the page does.
  useEffect(() => {
    if (initial === reported.current.trim()) return;
    reported.current = initial;
    setText(initial);
  }, [initial]);
  useEffect(() => {
    if (text === reported.current) return;
    const timer = setTimeout(
      () => {
        reported.current = text;
        report.current(text.trim());
      },
      text === "" ? 0 : PAUSE_MS,
    );
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div className={classNames("relative", className)}>
      <Search aria-hidden className="pointer-events-none absolute top-3.5 left-3 size-4 text-muted" />
      <input
        type="search"
        enterKeyHint="search"
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => {
          if (text === reported.current) return;
          reported.current = text;
          report.current(text.trim());
        }}
        className={classNames(inputStyle, "px-9 text-sm")}
      />
      {text === "" ? null : (
        <button
          type="button"
          aria-label={t("common.clearSearch")}
          onClick={() => setText("")}
          className="absolute top-1.5 right-1.5 flex size-8 items-center justify-center rounded-md text-muted hover:text-ink"
        >
          <X aria-hidden className="size-4" />
        </button>
      )}
    </div>
  );
}
