import { type ComponentType, cloneElement, lazy, type ReactElement, Suspense, useRef, useState } from "react";
import { idle } from "../lib/idle.ts";

export interface OpenedMenuProps {
  /** What opens it. */
  trigger: ReactElement;
  /** It was pressed before there was anything to open. */
  startsOpen: boolean;
}

interface Pressable {
  onClick?: () => void;
  onFocus?: () => void;
  onBlur?: () => void;
  autoFocus?: boolean;
  "aria-haspopup"?: "menu" | "dialog";
  "aria-expanded"?: boolean;
}

interface LaterMenuProps {
  trigger: ReactElement<Pressable>;
  opens: "menu" | "dialog";
  /** From `whenIdle`. */
  menu: ComponentType<OpenedMenuProps>;
}

/**
 * A menu whose code comes after the page: what opens menus weighs more than most pages. Its button stands there from the
 * beginning, keeps the focus when the menu has come, and who has pressed it meanwhile finds the menu open.
 */
export function LaterMenu({ trigger, opens, menu: Menu }: LaterMenuProps) {
  const [isPressed, setPressed] = useState(false);
  const hasFocus = useRef(false);
  const waiting = cloneElement(trigger, {
    onClick: () => setPressed(true),
    onFocus: () => {
      hasFocus.current = true;
    },
    onBlur: () => {
      hasFocus.current = false;
    },
    "aria-haspopup": opens,
    "aria-expanded": isPressed,
  });
  return (
    <Suspense fallback={waiting}>
      <Menu trigger={hasFocus.current ? cloneElement(trigger, { autoFocus: true }) : trigger} startsOpen={isPressed} />
    </Suspense>
  );
}

/** A part of the page whose code is loaded once the browser has nothing better to do. */
export function whenIdle<Props>(load: () => Promise<ComponentType<Props>>) {
  return lazy(async () => {
    await idle();
    return { default: await load() };
  });
}
