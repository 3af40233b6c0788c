/**
 * The way to every page, action, key and model without a mouse: a button in the frame, and Ctrl+K or ⌘K anywhere in it.
 *
 * What opens comes after the page, with all texts. Whoever has asked for it before finds it open when it has come. While
 * another dialog is open the keys do nothing: what is shown there once must not be left by mistake.
 */
import { Search } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { withAllTexts } from "../../i18n/language.ts";
import { idle } from "../../lib/idle.ts";
import { buttonStyle } from "../../ui/button.tsx";

const loadPalette = withAllTexts(() => import("./palette.tsx"));
const Palette = lazy(async () => {
  await idle();
  return { default: (await loadPalette()).Palette };
});

/** On Apple's keyboards Ctrl+K belongs to the text that is written. */
const IS_APPLE = /Mac|iPhone|iPad/.test(navigator.platform);

export function PaletteButton({ isCompact = false }: { isCompact?: boolean }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  usePaletteKeys(isOpen, setOpen);
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-keyshortcuts={IS_APPLE ? "Meta+K" : "Control+K"}
        onClick={() => setOpen(true)}
        className={
          isCompact
            ? buttonStyle({ look: "quiet", size: "icon" })
            : "flex min-h-10 w-full items-center gap-3 rounded-lg border border-line px-3 text-left text-sm text-muted hover:bg-sunken hover:text-ink"
        }
      >
        <Search aria-hidden className="size-4.5 shrink-0" />
        <span className={isCompact ? "sr-only" : "flex-1"}>{t("shell.search")}</span>
        {isCompact ? null : (
          <kbd aria-hidden className="rounded border border-line px-1.5 font-sans text-xs">
            {IS_APPLE ? "⌘K" : "Ctrl K"}
          </kbd>
        )}
      </button>
      <Suspense fallback={null}>
        <Palette isOpen={isOpen} onClose={() => setOpen(false)} />
      </Suspense>
    </>
  );
}

function usePaletteKeys(isOpen: boolean, setOpen: (isOpen: boolean) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isHeld = IS_APPLE ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
      if (!isHeld || event.altKey || event.shiftKey || event.isComposing || event.key.toLowerCase() !== "k") return;
      if (!isOpen && document.querySelector("[role=dialog][data-open], [role=alertdialog][data-open]") !== null) return;
      event.preventDefault();
      setOpen(!isOpen);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [isOpen, setOpen]);
}
