import { Combobox } from "@base-ui/react/combobox";
import { Check, ChevronDown, Search } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CatalogModel } from "../../../../src/contract/schemas/models.ts";
import { classNames } from "../../lib/class-names.ts";
import { inputStyle } from "../../ui/text-field.tsx";
import { selectedModels } from "./select-models.ts";

/** More than anybody reads; who looks for another one types. */
const MOST_SHOWN = 100;

interface ModelPickerProps {
  models: readonly CatalogModel[];
  onChoose: (id: string) => void;
}

/** A labelled field that opens a list of models to search in. */
export function ModelChoice({ label, className, ...rest }: ModelPickerProps & { label: string; className?: string }) {
  const { t } = useTranslation();
  return (
    <PickerRoot {...rest}>
      <div className={className}>
        <Combobox.Label className="mb-1.5 block text-sm font-semibold">{label}</Combobox.Label>
        <Combobox.Trigger
          className={classNames(inputStyle, "flex cursor-pointer items-center justify-between gap-2 text-left")}
        >
          <span className="text-muted">{t("models.compareChoose")}</span>
          <ChevronDown aria-hidden className="size-4 shrink-0" />
        </Combobox.Trigger>
      </div>
    </PickerRoot>
  );
}

interface ModelSwapProps extends ModelPickerProps {
  /** The id of the model that is there. */
  chosen: string;
}

/** A model that was chosen, as a button: it opens the same list, and another one takes its place. */
export function ModelSwap({ chosen, ...rest }: ModelSwapProps) {
  const { t } = useTranslation();
  return (
    <PickerRoot {...rest} chosen={chosen}>
      <Combobox.Trigger
        aria-label={t("models.swap", { name: chosen })}
        className="flex min-h-9 min-w-0 cursor-pointer items-center gap-1.5 rounded-full pl-3.5 hover:text-brand"
      >
        <code className="min-w-0 truncate font-mono text-xs">{chosen}</code>
        <ChevronDown aria-hidden className="size-3.5 shrink-0 text-muted" />
      </Combobox.Trigger>
    </PickerRoot>
  );
}

/** The list behind a trigger. The focus is in its search field; the keyboard moves through the list all the same. */
function PickerRoot({
  models,
  chosen,
  onChoose,
  children,
}: ModelPickerProps & { chosen?: string; children: ReactNode }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const found = selectedModels(models, { q: typed });
  return (
    <Combobox.Root<CatalogModel>
      items={models}
      filteredItems={found.slice(0, MOST_SHOWN)}
      itemToStringLabel={({ id }) => id}
      value={models.find(({ id }) => id === chosen) ?? null}
      onValueChange={(model) => {
        if (model !== null && model.id !== chosen) onChoose(model.id);
      }}
      inputValue={typed}
      onInputValueChange={setTyped}
      onOpenChange={(isOpen) => {
        if (isOpen) setTyped("");
      }}
      autoHighlight
    >
      {children}
      <Combobox.Portal>
        <Combobox.Positioner sideOffset={6} align="start" collisionPadding={8} className="z-50 outline-none">
          <Combobox.Popup
            aria-label={t("models.compareChoose")}
            className="fade flex max-h-[min(26rem,var(--available-height))] w-[min(32rem,var(--available-width))] flex-col rounded-xl border border-line bg-surface shadow-float outline-none"
          >
            <div className="flex items-center gap-2.5 border-b border-line px-3.5">
              <Search aria-hidden className="size-4 shrink-0 text-muted" />
              <Combobox.Input
                aria-label={t("models.search")}
                placeholder={t("models.search")}
                autoCapitalize="none"
                spellCheck={false}
                className="min-h-11 min-w-0 flex-1 bg-transparent text-base text-ink outline-none placeholder:text-muted"
              />
            </div>
            <Combobox.Empty>
              <p className="px-4 py-3 text-sm text-muted">{t("models.noneFound")}</p>
            </Combobox.Empty>
            <Combobox.List className="min-h-0 overflow-y-auto overscroll-contain p-1.5 empty:hidden">
              {(model: CatalogModel) => <ModelItem key={model.id} model={model} />}
            </Combobox.List>
            <Combobox.Status
              className={found.length > MOST_SHOWN ? "border-t border-line px-4 py-2 text-xs text-muted" : "sr-only"}
            >
              {found.length > MOST_SHOWN ? t("models.moreFit", { count: found.length - MOST_SHOWN }) : null}
            </Combobox.Status>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  );
}

function ModelItem({ model }: { model: CatalogModel }) {
  return (
    <Combobox.Item
      value={model}
      className="flex min-h-11 cursor-pointer items-center gap-2 rounded-md px-2.5 py-1 text-sm outline-none select-none data-highlighted:bg-brand-soft data-highlighted:text-brand"
    >
      <span className="min-w-0 flex-1">
        <span className="block truncate font-semibold">{model.name}</span>
        <span className="block truncate font-mono text-xs">{model.id}</span>
      </span>
      <Combobox.ItemIndicator>
        <Check aria-hidden className="size-4" />
      </Combobox.ItemIndicator>
    </Combobox.Item>
  );
}
