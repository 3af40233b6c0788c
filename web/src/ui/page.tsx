import { type ReactNode, useEffect } from "react";

interface PageHeaderProps {
  title: string;
  lead?: string;
  /** The main thing to do here. */
  action?: ReactNode;
}

/** The heading of a page; it also names the window. */
export function PageHeader({ title, lead, action }: PageHeaderProps) {
  usePageTitle(title);
  return (
    <header className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
      <div className="min-w-0">
        <h1 className="text-2xl font-bold sm:text-3xl">{title}</h1>
        {lead ? <p className="mt-1.5 max-w-2xl text-muted text-pretty">{lead}</p> : null}
      </div>
      {action}
    </header>
  );
}

export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Gapura`;
  }, [title]);
}
