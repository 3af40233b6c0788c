import {
  Activity,
  BellRing,
  Blocks,
  BookOpen,
  Fingerprint,
  Gauge,
  KeyRound,
  type LucideIcon,
  MessagesSquare,
  Plug,
  ReceiptText,
  Route,
  Scale,
  ScrollText,
  ServerCog,
  Settings,
  ShieldCheck,
  Users,
  Wallet,
} from "lucide-react";
import type { OperationId } from "../../../../src/contract/operations.ts";

type PagePath =
  | "/dashboard"
  | "/keys"
  | "/activity"
  | "/logs"
  | "/alerts"
  | "/budgets"
  | "/statement"
  | "/reconciliation"
  | "/models"
  | "/playground"
  | "/providers"
  | "/routing"
  | "/security"
  | "/audit"
  | "/team"
  | "/administration"
  | "/account"
  | "/settings"
  | "/docs";
type PageLabel =
  | "dashboard"
  | "apiKeys"
  | "activity"
  | "logs"
  | "alerts"
  | "budgets"
  | "statement"
  | "reconciliation"
  | "models"
  | "playground"
  | "providers"
  | "routing"
  | "security"
  | "audit"
  | "team"
  | "administration"
  | "account"
  | "settings"
  | "docs";

export interface NavigationEntry {
  to: PagePath;
  label: `shell.${PageLabel}`;
  icon: LucideIcon;
  /** What the page shows: it stands in the menu of those whose role allows it. */
  asks?: OperationId;
  /** Shown to the owner of the instance alone. */
  isOwners?: true;
}

export interface NavigationGroup {
  label: "shell.apiManagement" | "shell.instance" | null;
  entries: readonly NavigationEntry[];
}

const DASHBOARD: NavigationEntry = { to: "/dashboard", label: "shell.dashboard", icon: Gauge };
const KEYS: NavigationEntry = { to: "/keys", label: "shell.apiKeys", icon: KeyRound };
const ACTIVITY: NavigationEntry = { to: "/activity", label: "shell.activity", icon: Activity };

/** Every page of the shell, in the order of the menu. */
export const NAVIGATION: readonly NavigationGroup[] = [
  { label: null, entries: [DASHBOARD] },
  {
    label: "shell.apiManagement",
    entries: [
      KEYS,
      { to: "/playground", label: "shell.playground", icon: MessagesSquare, asks: "playgroundChat" },
      ACTIVITY,
      { to: "/logs", label: "shell.logs", icon: ScrollText },
      { to: "/alerts", label: "shell.alerts", icon: BellRing },
      { to: "/budgets", label: "shell.budgets", icon: Wallet, asks: "getBudgets" },
      { to: "/statement", label: "shell.statement", icon: ReceiptText, asks: "getStatement" },
      { to: "/routing", label: "shell.routing", icon: Route },
      { to: "/security", label: "shell.security", icon: ShieldCheck },
      { to: "/audit", label: "shell.audit", icon: ScrollText, asks: "listAudit" },
      { to: "/team", label: "shell.team", icon: Users },
      { to: "/docs", label: "shell.docs", icon: BookOpen },
    ],
  },
  {
    label: "shell.instance",
    entries: [
      { to: "/models", label: "shell.models", icon: Blocks },
      { to: "/providers", label: "shell.providers", icon: Plug },
      { to: "/reconciliation", label: "shell.reconciliation", icon: Scale, isOwners: true },
      { to: "/administration", label: "shell.administration", icon: ServerCog, isOwners: true },
      { to: "/account", label: "shell.account", icon: Fingerprint },
      { to: "/settings", label: "shell.settings", icon: Settings },
    ],
  },
];

/** What a phone has at its lower edge, beside the whole menu. */
export const MAIN_ENTRIES: readonly NavigationEntry[] = [DASHBOARD, KEYS, ACTIVITY];
