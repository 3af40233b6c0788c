import { Plus, X } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { typedEntries } from "../lib/typed-entries.ts";
import { Button } from "./button.tsx";
import { inputStyle } from "./text-field.tsx";

interface ChipListFieldProps {
  label: string;
  /** Names the field in which one is typed. */
  addLabel: string;
  placeholder: string;
  hint?: ReactNode;
  entries: readonly string[];
  /** What is offered while typing. */
  known: readonly string[];
  /** What is wrong with an entry that is to be added, or with the whole list; undefined when nothing is. */
  problemOf(entry: string): string | undefined;
  error?: string | undefined;
  /** Under which the form holds what is typed and not added yet. */
  typedName?: string;
  onChange: (entries: string[]) => void;
}

/** A list of short texts: typed one after the other, taken away one by one. */
export function ChipListField({ label, entries, onChange, ...field }: ChipListFieldProps) {
  const { t } = useTranslation();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState<string>();
  const problem = wrong ?? field.error;

  function add(): void {
    const typed = typedEntries(text);
    const found = typed.map(field.problemOf).find((one) => one !== undefined);
    setWrong(found);
    if (found !== undefined || typed.length === 0) return;
    onChange([...new Set([...entries, ...typed])]);
    setText("");
  }

  function remove(entry: string): void {
    onChange(entries.filter((other) => other !== entry));
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
      {entries.length === 0 ? null : (
        <ul className="mb-2 flex flex-wrap gap-1.5">
          {entries.map((entry) => (
            <li
              key={entry}
              className="inline-flex max-w-full items-center gap-1 rounded-full bg-brand-soft py-0.5 pr-1 pl-3 text-sm font-medium text-brand"
            >
              <code className="min-w-0 font-mono [overflow-wrap:anywhere]">{entry}</code>
              <button
                type="button"
                onClick={() => remove(entry)}
                aria-label={t("common.removeEntry", { entry })}
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
          name={field.typedName}
          aria-label={field.addLabel}
          placeholder={field.placeholder}
          aria-invalid={problem === undefined ? undefined : true}
          aria-describedby={`${id}-notes`}
          list={id}
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
          {t("common.add")}
        </Button>
      </div>
      <datalist id={id}>
        {field.known
          .filter((entry) => !entries.includes(entry))
          .map((entry) => (
            <option key={entry} value={entry} />
          ))}
      </datalist>
      <div id={`${id}-notes`} className="mt-1.5 space-y-1 text-sm empty:hidden">
        {problem === undefined ? null : <p className="font-medium text-bad">{problem}</p>}
        {field.hint ? <p className="text-muted">{field.hint}</p> : null}
      </div>
    </fieldset>
  );
}
