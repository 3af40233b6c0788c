import { RotateCw, Wrench } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocale } from "../../i18n/language.ts";
import { errorCodeText } from "../../lib/error-text.ts";
import { formatCount, formatDuration } from "../../lib/format.ts";
import { Button } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { TextArea } from "../../ui/text-area.tsx";
import { useMoneyText } from "../instance/money.tsx";
import type { Reply } from "./conversation.ts";
import { laidOutJson, outputEstimate, tokensPerSecond } from "./reply-stream.ts";

const Markdown = lazy(async () => ({ default: (await import("./markdown.tsx")).Markdown }));

interface ReplyViewProps {
  reply: Reply;
  /** Dollars for a token of the answer, where it is known. */
  tokenPrice: string | undefined;
  /** Nothing came after it. */
  isLast: boolean;
  onAgain: () => void;
  onResults: (results: readonly string[]) => void;
}

export function ReplyView({ reply, tokenPrice, isLast, onAgain, onResults }: ReplyViewProps) {
  const { t } = useTranslation();
  const isRunning = reply.state === "running";
  const isEmpty = reply.text === "" && reply.reasoning === "" && reply.toolCalls.length === 0;
  return (
    <div className="space-y-3 text-sm" aria-busy={isRunning}>
      {reply.reasoning === "" ? null : (
        <details className="rounded-lg bg-sunken px-3 py-2" open={isRunning && reply.text === ""}>
          <summary className="rounded font-semibold text-muted">{t("playground.thoughts")}</summary>
          <p className="mt-2 whitespace-pre-wrap text-muted [overflow-wrap:anywhere]">{reply.reasoning}</p>
        </details>
      )}
      {isRunning && isEmpty ? <p className="waiting text-muted">{t("playground.waiting")}</p> : null}
      {reply.text === "" ? null : <AnswerText text={reply.text} />}
      {reply.images.map((url) => (
        <img
          key={`${url.length} ${url.slice(-40)}`}
          src={url}
          alt={t("playground.pictureOf")}
          className="max-w-full rounded-lg border border-line"
        />
      ))}
      <ToolCalls reply={reply} isOpen={isLast && !isRunning} onResults={onResults} />
      {reply.failure === null ? null : (
        <Notice tone="bad">
          <p>{errorCodeText(reply.failure.code, t)}</p>
          <p className="mt-1 text-xs text-muted [overflow-wrap:anywhere]">{reply.failure.words}</p>
          {reply.failure.requestId === undefined ? null : (
            <p className="mt-1 font-mono text-xs text-muted">
              {t("common.requestId", { id: reply.failure.requestId })}
            </p>
          )}
        </Notice>
      )}
      {reply.state === "stopped" ? <p className="text-xs text-muted">{t("playground.stopped")}</p> : null}
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 border-t border-line pt-2">
        <Figures reply={reply} tokenPrice={tokenPrice} />
        {isRunning ? null : (
          <span className="-my-1 ml-auto flex">
            <CopyButton text={reply.text} look="quiet" size="icon" aria-label={t("playground.copyAnswer")} />
            {isLast ? (
              <Button look="quiet" size="icon" aria-label={t("playground.again")} onClick={onAgain}>
                <RotateCw aria-hidden />
              </Button>
            ) : null}
          </span>
        )}
      </div>
    </div>
  );
}

/** JSON as it is: what stands between two stars in it is no emphasis. */
function AnswerText({ text }: { text: string }) {
  const json = laidOutJson(text);
  if (json !== null)
    return <pre className="font-mono text-xs whitespace-pre-wrap [overflow-wrap:anywhere]">{json}</pre>;
  return (
    <Suspense fallback={<p className="whitespace-pre-wrap">{text}</p>}>
      <Markdown text={text} />
    </Suspense>
  );
}

/** What it took and cost; while it runs, as far as it has come. */
function Figures({ reply, tokenPrice }: Pick<ReplyViewProps, "reply" | "tokenPrice">) {
  const { t } = useTranslation();
  const locale = useLocale();
  const money = useMoneyText();
  const speed = tokensPerSecond(reply);
  const soFar = outputEstimate(reply, tokenPrice);
  const about = reply.areTokensExact ? "" : "≈ ";
  const parts = [
    reply.costUsd === null ? soFar && `≈ ${money(soFar)}` : money(reply.costUsd),
    reply.promptTokens === null
      ? t("playground.tokensOut", { tokens: `${about}${formatCount(reply.completionTokens, locale)}` })
      : t("playground.tokensInOut", {
          prompt: formatCount(reply.promptTokens, locale),
          completion: formatCount(reply.completionTokens, locale),
        }),
    reply.firstTokenMs === null
      ? null
      : t("playground.firstToken", { time: formatDuration(reply.firstTokenMs, locale) }),
    speed === null ? null : t("playground.speed", { formatted: formatCount(Math.round(speed * 10) / 10, locale) }),
    reply.provider,
    reply.finishReason,
  ];
  return (
    <p className="min-w-0 flex-1 text-xs text-muted tabular-nums [overflow-wrap:anywhere]">
      {parts.filter((part) => part !== null).join(" · ")}
    </p>
  );
}

interface ToolCallsProps {
  reply: Reply;
  isOpen: boolean;
  onResults: (results: readonly string[]) => void;
}

/** The calls that the model wants, and what is to be answered in the tools' place. */
function ToolCalls({ reply, isOpen, onResults }: ToolCallsProps) {
  const { t } = useTranslation();
  const [results, setResults] = useState<readonly string[]>([]);
  const { toolCalls: calls } = reply;
  if (calls.length === 0) return null;
  // A recorded request brings the answers that its tools gave.
  const answers = calls.map(({ result }, index) => results[index] ?? result);
  return (
    <div className="space-y-3">
      {calls.map((call, index) => (
        <div key={call.id || call.name} className="rounded-lg border border-line p-3">
          <p className="mb-2 flex items-center gap-2 font-semibold">
            <Wrench aria-hidden className="size-4 text-muted" />
            <code className="font-mono text-xs">{call.name}</code>
          </p>
          <CodeBlock code={call.arguments} copyLabel={`${t("common.copy")}: ${call.name}`} />
          {isOpen ? (
            <TextArea
              label={t("playground.toolResult")}
              className="mt-3"
              rows={2}
              value={answers[index] ?? ""}
              onChange={({ target }) =>
                setResults(calls.map((_, at) => (at === index ? target.value : (answers[at] ?? ""))))
              }
            />
          ) : call.result === "" ? null : (
            <p className="mt-2 whitespace-pre-wrap text-muted [overflow-wrap:anywhere]">{call.result}</p>
          )}
        </div>
      ))}
      {isOpen ? (
        <Button look="primary" size="small" onClick={() => onResults(answers)}>
          {t("playground.sendResults")}
        </Button>
      ) : null}
    </div>
  );
}
