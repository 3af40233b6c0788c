/**
 * Markdown of a model's answer, as elements of the page. The text is only taken apart by the library; no HTML is ever
 * made of it, so that nothing an answer says can run, load or look like more than text.
 */
import { marked, type Token, type Tokens } from "marked";
import { createElement, Fragment, memo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { CodeBlock } from "../../ui/code-block.tsx";

export const Markdown = memo(function Markdown({ text }: { text: string }) {
  const { t } = useTranslation();
  return <div className="space-y-3 [overflow-wrap:anywhere]">{all(marked.lexer(text), t("common.copy"))}</div>;
});

function all(tokens: readonly Token[] | undefined, copyLabel: string): ReactNode {
  return createElement(Fragment, null, ...(tokens ?? []).map((token) => one(token, copyLabel)));
}

function one(token: Token, copyLabel: string): ReactNode {
  const inside = () => all("tokens" in token ? token.tokens : undefined, copyLabel);
  switch (token.type) {
    case "heading":
      return <p className="pt-1 text-base font-bold">{inside()}</p>;
    case "paragraph":
      return <p>{inside()}</p>;
    case "strong":
      return <strong>{inside()}</strong>;
    case "em":
      return <em>{inside()}</em>;
    case "del":
      return <del>{inside()}</del>;
    case "br":
      return <br />;
    case "hr":
      return <hr className="border-line" />;
    case "space":
    case "def":
      return null;
    case "codespan":
      return <code className="rounded bg-sunken px-1 py-0.5 font-mono text-[0.875em]">{textOf(token)}</code>;
    case "code":
      return <CodeBlock code={textOf(token)} copyLabel={copyLabel} />;
    case "blockquote":
      return <blockquote className="space-y-2 border-l-2 border-edge pl-3 text-muted">{inside()}</blockquote>;
    case "link":
      return <Anchor href={String(token.href)}>{inside()}</Anchor>;
    case "image":
      return <Anchor href={String(token.href)}>{textOf(token) || String(token.href)}</Anchor>;
    case "list":
      return isList(token) ? list(token, copyLabel) : null;
    case "table":
      return isTable(token) ? table(token, copyLabel) : null;
    default:
      return "tokens" in token && token.tokens ? inside() : textOf(token);
  }
}

function textOf(token: Token): string {
  return "text" in token && typeof token.text === "string" ? token.text : token.raw;
}

function isList(token: Token): token is Tokens.List {
  return token.type === "list" && "items" in token;
}

function isTable(token: Token): token is Tokens.Table {
  return token.type === "table" && "header" in token;
}

/** Pictures of elsewhere are not loaded, and become links as well. */
function Anchor({ href, children }: { href: string; children: ReactNode }) {
  if (!/^(?:https?:|mailto:)/i.test(href)) return children;
  return (
    <a href={href} target="_blank" rel="noreferrer noopener" className="text-link">
      {children}
    </a>
  );
}

function list(token: Tokens.List, copyLabel: string): ReactNode {
  const items = token.items.map((item) => createElement("li", null, all(item.tokens, copyLabel)));
  return token.ordered
    ? createElement("ol", { className: "list-decimal space-y-1 pl-6", start: Number(token.start) || 1 }, ...items)
    : createElement("ul", { className: "list-disc space-y-1 pl-6" }, ...items);
}

function table(token: Tokens.Table, copyLabel: string): ReactNode {
  const row = (cells: readonly Tokens.TableCell[], kind: "th" | "td") =>
    createElement(
      "tr",
      null,
      ...cells.map((cell) =>
        createElement(kind, { className: "border border-line px-2.5 py-1.5 text-left" }, all(cell.tokens, copyLabel)),
      ),
    );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="overflow-x-auto" tabIndex={0}>
      <table className="text-sm">
        <thead>{row(token.header, "th")}</thead>
        {createElement("tbody", null, ...token.rows.map((cells) => row(cells, "td")))}
      </table>
    </div>
  );
}
