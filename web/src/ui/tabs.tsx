import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";

export interface Tab {
  name: string;
  label: string;
  content: ReactNode;
}

interface TabsProps {
  label: string;
  tabs: readonly Tab[];
  /** Where the page itself remembers which one is shown. */
  chosen?: { name: string; onChoose: (name: string) => void };
}

/** Several views of one thing, of which one is shown: the first, until another is chosen. */
export function Tabs({ label, tabs, chosen }: TabsProps) {
  const control = chosen
    ? { value: chosen.name, onValueChange: (name: unknown) => chosen.onChoose(String(name)) }
    : { defaultValue: tabs[0]?.name };
  return (
    <Base.Root {...control}>
      <Base.List aria-label={label} className="flex flex-wrap gap-x-1 border-b border-line">
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.name}
            value={tab.name}
            className="-mb-px min-h-10 border-b-2 border-transparent px-3 text-sm font-semibold text-muted hover:text-ink data-active:border-brand data-active:text-brand"
          >
            {tab.label}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map((tab) => (
        <Base.Panel key={tab.name} value={tab.name} className="pt-4">
          {tab.content}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
