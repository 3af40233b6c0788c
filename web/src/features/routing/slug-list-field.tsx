import { Plus, X } from "lucide-react";
import { type KeyboardEvent, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { inputStyle } from "../../ui/text-field.tsx";
import { isSlug, typedSlugs } from "./slugs.ts";

interface SlugListFieldProps {
  label: string;
  /** Names the field in which one is typed. */
  addLabel: string;
  hint?: string;
  slugs: readonly string[];
  /** What is offered while typing. */
  known: readonly string[];
  onChange: (slugs: string[]) => void;
}

/** A list of providers by short name: typed one after the other, taken away one by one. */
export function SlugListField({ label, addLabel, hint, slugs, known, onChange }: SlugListFieldProps) {
  const { t } = useTranslation();
  const listId = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [isWrong, setWrong] = useState(false);

  function add(): void {
    const typed = typedSlugs(text);
    const isRight = typed.every(isSlug);
    setWrong(!isRight);
    if (!isRight || typed.length === 0) return;
    onChange([...new Set([...slugs, ...typed])]);
    setText("");
  }

  function remove(slug: string): void {
    onChange(slugs.filter((other) => other !== slug));
    input.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Enter") return;
    event.preventDefault();
    add();
  }

  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-semibold">{label}</legend>
      {slugs.length === 0 ? null : (
        <ul className="mb-2 flex flex-wrap gap-1.5">
          {slugs.map((slug) => (
            <li
              key={slug}
              className="inline-flex max-w-full items-center gap-1 rounded-full bg-brand-soft py-0.5 pr-1 pl-3 text-sm font-medium text-brand"
            >
              <code className="min-w-0 font-mono [overflow-wrap:anywhere]">{slug}</code>
              <button
                type="button"
                onClick={() => remove(slug)}
                aria-label={t("routing.removeSlug", { slug })}
                className="flex size-7 shrink-0 items-center justify-center rounded-full hover:bg-surface"
              >
                <X aria-hidden className="size-4" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="flex gap-2">
        <input
          ref={input}
          aria-label={addLabel}
          placeholder="openai"
          aria-invalid={isWrong || undefined}
          aria-describedby={`${listId}-notes`}
          list={listId}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          className={inputStyle}
        />
        <Button onClick={add} className="min-h-11">
          <Plus aria-hidden />
          {t("routing.add")}
        </Button>
      </div>
      <datalist id={listId}>
        {known
          .filter((slug) => !slugs.includes(slug))
          .map((slug) => (
            <option key={slug} value={slug} />
          ))}
      </datalist>
      <div id={`${listId}-notes`} className="mt-1.5 text-sm empty:hidden">
        {isWrong ? <p className="font-medium text-bad">{t("routing.slugWrong")}</p> : null}
        {hint ? <p className="text-muted">{hint}</p> : null}
      </div>
    </fieldset>
  );
}
