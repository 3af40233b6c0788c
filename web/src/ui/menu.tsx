import { Menu as Base } from "@base-ui/react/menu";
import { Check, EllipsisVertical } from "lucide-react";
import type { ComponentProps, ReactElement, ReactNode } from "react";
import { classNames } from "../lib/class-names.ts";
import { buttonStyle } from "./button.tsx";

const ITEM =
  "flex min-h-10 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-sm outline-none select-none data-highlighted:bg-sunken [&_svg]:size-4 [&_svg]:shrink-0";

interface MenuProps {
  trigger: ReactElement;
  startsOpen?: boolean;
  children: ReactNode;
}

/** A menu behind a button. */
export function Menu({ trigger, startsOpen = false, children }: MenuProps) {
  return (
    <Base.Root defaultOpen={startsOpen}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} align="end" collisionPadding={8} className="z-50 outline-none">
          <Base.Popup className="fade min-w-48 rounded-xl border border-line bg-surface p-1.5 shadow-float outline-none">
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** The menu of a row: three dots at its end. `label` says whose actions they are. */
export function RowMenu({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Menu
      trigger={
        <button type="button" className={buttonStyle({ look: "quiet", size: "icon" })} aria-label={label}>
          <EllipsisVertical aria-hidden />
        </button>
      }
    >
      {children}
    </Menu>
  );
}

export function MenuItem({
  className,
  isDangerous,
  ...rest
}: ComponentProps<typeof Base.Item> & { isDangerous?: boolean }) {
  return <Base.Item {...rest} className={classNames(ITEM, isDangerous && "text-bad")} />;
}

interface MenuChoiceProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChoose: (value: Value) => void;
}

/** One of several, with the chosen one ticked. */
export function MenuChoice<Value extends string>({ label, value, options, onChoose }: MenuChoiceProps<Value>) {
  return (
    <Base.Group>
      <Base.GroupLabel className="px-2.5 pt-2 pb-1 text-xs font-semibold text-muted">{label}</Base.GroupLabel>
      <Base.RadioGroup value={value}>
        {options.map((option) => (
          <Base.RadioItem
            key={option.value}
            value={option.value}
            className={ITEM}
            onClick={() => onChoose(option.value)}
          >
            <span className="flex size-4 items-center justify-center">
              <Base.RadioItemIndicator>
                <Check aria-hidden className="text-brand" />
              </Base.RadioItemIndicator>
            </span>
            {option.label}
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  );
}

export function MenuSeparator() {
  return <Base.Separator className="my-1.5 h-px bg-line" />;
}
