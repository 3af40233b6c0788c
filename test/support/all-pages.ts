/**
 * Every page of the dashboard and the website, and the states of a page that have an address. What is asked of all pages
 * is asked of these (test/e2e/all-pages.test.ts); a route of the router that has no row here fails there.
 */
import type { Things } from "./used-instance.ts";

export interface PageRow {
  /** Its address in a browser; `{name}` is one of `Things`. */
  path: string;
  /** Who looks at it: nobody in particular, the owner of the instance in their own account or a team, or somebody new. */
  as: "nobody" | "owner" | "team" | "newcomer";
  /** The address of what the page asks for and is refused, as it should be. */
  refused?: RegExp;
  /** What others have written, and stands there as they wrote it whatever the reader's language. */
  quotes?: RegExp;
}

const row = (as: PageRow["as"], path: string, special: Pick<PageRow, "refused" | "quotes"> = {}): PageRow => ({
  ...{ as, path },
  ...special,
});

const MODEL_NAMES = /^gpt 4o mini$|^text embedding 3$/;

/** The pages themselves, in a state with something on them. */
export const PAGES: readonly PageRow[] = [
  row("nobody", "/"),
  row("nobody", "/sign-up"),
  row("nobody", "/check-your-mail?email=siti%40example.com"),
  row("nobody", "/verify?token=none-that-is-known-to-anybody", { refused: /account\/verification$/ }),
  row("nobody", "/login"),
  row("nobody", "/login/single-sign-on?code=x&state=y", {
    refused: /login\/single-sign-on\/answer$/,
  }),
  row("nobody", "/forgot-password"),
  row("nobody", "/reset-password?token=none-that-is-known-to-anybody"),
  row("nobody", "/mailbox?id={mailId}", { quotes: /invite|works once|e-mail address/ }),
  row("nobody", "/join?token={invitation}"),
  row("nobody", "/docs#getCurrentKey", { quotes: /^With "stream"|\| array|array \|/ }),
  row("nobody", "/there-is-no-such-page"),
  row("owner", "/auth?callback_url=https%3A%2F%2Fapp.example.com%2Fback&limit=5&key_label=Asisten"),
  row("owner", "/dashboard"),
  row("owner", "/keys"),
  row("owner", "/keys/{keyId}"),
  row("owner", "/activity?range=1y&by=key"),
  row("owner", "/logs"),
  row("owner", "/alerts"),
  row("owner", "/budgets"),
  row("owner", "/statement"),
  row("owner", "/reconciliation"),
  row("owner", "/models", { quotes: MODEL_NAMES }),
  row("owner", "/models/compare?models=openai%2Fgpt-4o,openai%2Fgpt-4.1"),
  row("owner", "/models/openai/gpt-4o", { quotes: /^GPT-4 Optimized/ }),
  row("owner", "/playground?models=sandbox%2Fchat,sandbox%2Freasoning"),
  row("owner", "/providers"),
  row("owner", "/routing"),
  row("owner", "/security"),
  row("owner", "/audit"),
  row("team", "/team"),
  row("owner", "/administration"),
  row("owner", "/account"),
  row("owner", "/settings"),
];

/** What else an address leads to: other tabs, things opened over a page, things that are not there, nothing yet. */
export const STATES: readonly PageRow[] = [
  row("nobody", "/join?token=none-that-is-known-to-anybody", { refused: /team-invitation$/ }),
  row("owner", "/keys?create=true"),
  row("owner", "/keys/nobodys1", { refused: /keys\/nobodys1$/ }),
  row("owner", "/logs?request={requestId}"),
  row("owner", "/alerts?alert={alertId}"),
  row("owner", "/alerts?tab=sending"),
  row("owner", "/routing?tab=defaults"),
  row("owner", "/routing?tab=presets"),
  row("owner", "/administration?tab=system"),
  row("owner", "/administration?tab=mail"),
  row("owner", "/administration?tab=configuration"),
  row("owner", "/administration?tab=backup"),
  row("owner", "/administration?tab=about"),
  row("owner", "/team"),
  ...["/dashboard", "/keys", "/activity", "/logs", "/alerts", "/budgets", "/statement", "/security"].map((path) =>
    row("newcomer", path),
  ),
  row("team", "/keys"),
  row("team", "/activity?by=member"),
];

export function addressIn({ path }: PageRow, things: Things): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(things[name as keyof Things]));
}
