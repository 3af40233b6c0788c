import { Dialog } from "@base-ui/react/dialog";
import { LoaderCircle, Search, X } from "lucide-react";
import { type KeyboardEvent, type RefObject, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { classNames } from "../../lib/class-names.ts";
import { buttonStyle } from "../../ui/button.tsx";
import { moved, narrowed, type PaletteEntry, type PaletteGroup } from "./entries.ts";
import { useFound } from "./use-found.ts";

interface PaletteSearchProps {
  /** What is there without being read first. */
  groups: readonly PaletteGroup[];
  field: RefObject<HTMLInputElement | null>;
  onClose: () => void;
}

/** A field that narrows a list. The focus stays in the field; the keyboard moves through the list all the same. */
export function PaletteSearch({ groups, field, onClose }: PaletteSearchProps) {
  const { t } = useTranslation();
  const id = useId();
  const [typed, setTyped] = useState("");
  const [activeId, setActiveId] = useState<string | null>(null);
  const found = useFound(typed);
  const shown = narrowed([...groups, ...found.groups], typed);
  const entries = shown.flatMap((group) => group.entries);
  // Kept by name: what is found later must not slip under the finger that is about to press Enter.
  const active = entries.find((entry) => entry.id === activeId) ?? entries[0];
  const run = (entry: PaletteEntry): void => {
    onClose();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.key === "Enter" && active) run(active);
    const next = moved(entries.length, active ? entries.indexOf(active) : 0, event.key);
    if (next !== undefined) setActiveId(entries[next]?.id ?? null);
    if (event.key === "Enter" || next !== undefined) event.preventDefault();
  };
  return (
    <>
      <div className="flex items-center gap-3 border-b border-line py-1.5 pr-2 pl-4">
        <Search aria-hidden className="size-5 shrink-0 text-muted" />
        <input
          ref={field}
          type="text"
          role="combobox"
          aria-label={t("palette.field")}
          aria-autocomplete="list"
          aria-expanded={active !== undefined}
          aria-controls={active ? `${id}-list` : undefined}
          aria-activedescendant={active ? `${id}-${active.id}` : undefined}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          enterKeyHint="go"
          placeholder={t("palette.field")}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setActiveId(null);
          }}
          onKeyDown={onKeyDown}
          className="min-h-11 min-w-0 flex-1 bg-transparent text-base text-ink outline-none placeholder:text-muted"
        />
        <Dialog.Close aria-label={t("common.close")} className={buttonStyle({ look: "quiet", size: "icon" })}>
          <X aria-hidden />
        </Dialog.Close>
      </div>
      {active ? (
        <PaletteList
          id={id}
          groups={shown}
          active={active}
          label={t("palette.title")}
          onPoint={setActiveId}
          onRun={run}
        />
      ) : null}
      <PaletteState isLoading={found.isLoading} hasFailed={found.hasFailed} isEmpty={active === undefined} />
    </>
  );
}

interface PaletteListProps {
  id: string;
  label: string;
  groups: readonly PaletteGroup[];
  active: PaletteEntry;
  onPoint: (entryId: string) => void;
  onRun: (entry: PaletteEntry) => void;
}

function PaletteList({ id, label, groups, active, onPoint, onRun }: PaletteListProps) {
  const activeOption = `${id}-${active.id}`;
  useEffect(() => {
    // Nothing is given back: newer browsers answer with a promise, which is no way to clean up.
    document.getElementById(activeOption)?.scrollIntoView({ block: "nearest" });
  }, [activeOption]);
  return (
    <div id={`${id}-list`} role="listbox" aria-label={label} className="min-h-0 overflow-y-auto overscroll-contain p-2">
      {groups.map((group) => (
        <fieldset key={group.label} aria-label={group.label} className="min-w-0 pb-2">
          <p aria-hidden className="px-2.5 pt-1.5 pb-1 text-xs font-semibold text-muted">
            {group.label}
          </p>
          {group.entries.map((entry) => (
            <button
              key={entry.id}
              type="button"
              id={`${id}-${entry.id}`}
              role="option"
              aria-selected={entry === active}
              tabIndex={-1}
              // The field keeps the focus; a list that moves under a resting pointer chooses nothing.
              onMouseDown={(event) => event.preventDefault()}
              onMouseMove={({ movementX, movementY }) => {
                if (movementX !== 0 || movementY !== 0) onPoint(entry.id);
              }}
              onClick={() => onRun(entry)}
              className={classNames(
                "flex min-h-10 w-full cursor-pointer scroll-my-8 items-center gap-3 rounded-md px-2.5 py-1.5 text-left text-sm",
                entry === active && "bg-brand-soft text-brand font-semibold",
              )}
            >
              <entry.icon aria-hidden className="size-4 shrink-0" />
              <span className="min-w-0 truncate">{entry.label}</span>
              {entry.hint ? (
                <span className="ml-auto max-w-[55%] shrink-0 truncate pl-3 text-xs font-normal text-muted">
                  {entry.hint}
                </span>
              ) : null}
            </button>
          ))}
        </fieldset>
      ))}
    </div>
  );
}

/** What there is to say beside the list; there from the beginning, so that it is read out when it changes. */
function PaletteState({ isLoading, hasFailed, isEmpty }: { isLoading: boolean; hasFailed: boolean; isEmpty: boolean }) {
  const { t } = useTranslation();
  const text = isLoading
    ? t("palette.loading")
    : [isEmpty ? t("palette.empty") : "", hasFailed ? t("palette.failed") : ""].filter(Boolean).join(" ");
  return (
    <p
      role="status"
      className={text ? "flex items-center gap-2 border-t border-line px-4 py-3 text-sm text-muted" : "sr-only"}
    >
      {isLoading ? <LoaderCircle aria-hidden className="size-4 motion-safe:animate-spin" /> : null}
      {text}
    </p>
  );
}
