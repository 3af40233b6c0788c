import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { MessagesSquare } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ActivityDetail, InstanceActivityDetail } from "../../../../src/contract/schemas/activity.ts";
import { useLocale } from "../../i18n/language.ts";
import { call } from "../../lib/api.ts";
import { errorCodeText } from "../../lib/error-text.ts";
import { formatCount, formatDateTime, formatDuration } from "../../lib/format.ts";
import { buttonStyle } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { ErrorState, LoadingRows } from "../../ui/states.tsx";
import { useInstance } from "../instance/instance.ts";
import { useMoneyText } from "../instance/money.tsx";
import { ActivityAttempts } from "./activity-attempts.tsx";
import { ActivityContent } from "./activity-content.tsx";
import { Fact, Facts, IdFact, MaybeFact, Section } from "./activity-facts.tsx";
import { Outcome } from "./activity-table.tsx";

type Shown = ActivityDetail & Partial<Pick<InstanceActivityDetail, "account">>;

interface DetailsProps {
  id: string;
  /** Of any account, without what was said. */
  scope?: "all" | undefined;
  onClose: () => void;
}

/** Everything that is known about one request, beside the list. */
export function ActivityDetails({ id, scope, onClose }: DetailsProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["activity", "one", scope, id],
    queryFn: ({ signal }): Promise<Shown> =>
      call(scope === "all" ? "getInstanceActivity" : "getActivity", { params: { id }, signal }),
  });
  return (
    <Sheet
      onClose={onClose}
      title={t("activity.detailsTitle")}
      description={data ? formatDateTime(data.createdAt, locale) : undefined}
    >
      {isPending ? <LoadingRows rows={8} /> : null}
      {!isPending && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data ? <Details detail={data} /> : null}
    </Sheet>
  );
}

function Details({ detail }: { detail: Shown }) {
  const { t } = useTranslation();
  return (
    <>
      {detail.errorCode === null ? null : (
        <Notice tone="bad" className="mb-4">
          <p>{errorCodeText(detail.errorCode, t)}</p>
          <p className="font-mono text-xs text-muted">{detail.errorCode}</p>
        </Notice>
      )}
      {detail.cacheSourceId === null ? null : (
        <Notice tone="info" className="mb-4">
          {t("activity.fromCache")}
        </Notice>
      )}
      <Section title={t("activity.sectionOverview")}>
        <Overview detail={detail} />
      </Section>
      <Section title={t("activity.sectionTokens")}>
        <Tokens detail={detail} />
      </Section>
      <Section title={t("activity.cost")}>
        <Cost detail={detail} />
      </Section>
      <Section title={t("activity.sectionTimes")}>
        <Times detail={detail} />
      </Section>
      <Section title={t("activity.sectionAttempts")}>
        <ActivityAttempts attempts={detail.attempts} />
      </Section>
      <Section title={t("activity.sectionApp")}>
        <App detail={detail} />
      </Section>
      <Reported feedback={detail.feedback} />
      <Section title={t("activity.sectionIds")}>
        <Facts>
          <IdFact label={t("activity.generationId")} id={detail.id} />
          <IdFact label={t("activity.requestId")} id={detail.requestId} />
          {detail.cacheSourceId === null ? null : (
            <IdFact label={t("activity.cacheSourceId")} id={detail.cacheSourceId} />
          )}
          {detail.upstreamId === null ? null : <IdFact label={t("activity.upstreamId")} id={detail.upstreamId} />}
        </Facts>
      </Section>
      <Content detail={detail} />
    </>
  );
}

function Overview({ detail }: { detail: Shown }) {
  const { t } = useTranslation();
  return (
    <Facts>
      <Fact label={t("activity.outcome")}>
        <Outcome row={detail} />
      </Fact>
      <Fact label={t("activity.status")}>{detail.status}</Fact>
      <Fact label={t("activity.apiType")}>{detail.apiType}</Fact>
      <MaybeFact label={t("activity.account")} value={detail.account ?? null} />
      <Fact label={t("activity.key")}>{detail.keyName || t("common.deletedKey")}</Fact>
      <Fact label={t("activity.requestedModel")}>{detail.modelRequested}</Fact>
      <Fact label={t("activity.answeredBy")}>{detail.model ?? t("common.none")}</Fact>
      <Fact label={t("activity.provider")}>{detail.provider ?? t("common.none")}</Fact>
      <Fact label={t("activity.streamed")}>{detail.streamed ? t("activity.yes") : t("activity.no")}</Fact>
      <Fact label={t("activity.finishReason")}>{finishText(detail) ?? t("common.none")}</Fact>
      <MaybeFact label={t("activity.serviceTier")} value={detail.serviceTier} />
    </Facts>
  );
}

/** The reason in OpenRouter's word, and the provider's own where that is another. */
function finishText({ finishReason, nativeFinishReason }: ActivityDetail): string | null {
  if (nativeFinishReason === null || nativeFinishReason === finishReason) return finishReason;
  return `${finishReason} (${nativeFinishReason})`;
}

function Tokens({ detail }: { detail: Shown }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const some = (count: number) => (count === 0 ? null : formatCount(count, locale));
  return (
    <Facts>
      <Fact label={t("activity.promptTokens")}>{formatCount(detail.promptTokens, locale)}</Fact>
      <MaybeFact label={t("activity.cachedTokens")} value={some(detail.cachedTokens)} />
      <MaybeFact label={t("activity.cacheWriteTokens")} value={some(detail.cacheWriteTokens)} />
      <Fact label={t("activity.completionTokens")}>{formatCount(detail.completionTokens, locale)}</Fact>
      <MaybeFact label={t("activity.reasoningTokens")} value={some(detail.reasoningTokens)} />
      <MaybeFact label={t("activity.imageTokens")} value={some(detail.imageTokens)} />
      <MaybeFact label={t("activity.mediaIn")} value={some(detail.mediaIn)} />
      <MaybeFact label={t("activity.mediaOut")} value={some(detail.mediaOut)} />
      {detail.tokensEstimated ? <Fact label={t("activity.estimated")}>{t("activity.estimatedText")}</Fact> : null}
    </Facts>
  );
}

function Cost({ detail }: { detail: Shown }) {
  const { t } = useTranslation();
  const money = useMoneyText();
  const usd = (amount: string | null) => (amount === null ? null : money(amount));
  return (
    <Facts>
      <Fact label={t("activity.charged")}>{usd(detail.costUsd) ?? t("activity.costUnknown")}</Fact>
      <MaybeFact label={t("activity.cacheSaved")} value={usd(detail.cacheSavedUsd)} />
      <MaybeFact label={t("activity.upstreamCost")} value={usd(detail.upstreamCostUsd)} />
      <MaybeFact label={t("activity.priceVersion")} value={detail.priceVersion} />
    </Facts>
  );
}

function Times({ detail }: { detail: Shown }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const duration = (ms: number | null) => (ms === null ? t("common.none") : formatDuration(ms, locale));
  return (
    <Facts>
      <Fact label={t("activity.firstToken")}>{duration(detail.firstTokenMs)}</Fact>
      <Fact label={t("activity.generationTime")}>{duration(detail.generationTimeMs)}</Fact>
      <Fact label={t("activity.latency")}>{duration(detail.latencyMs)}</Fact>
    </Facts>
  );
}

function App({ detail }: { detail: Shown }) {
  const { t } = useTranslation();
  const { appTitle, appReferer, appCategories, userAgent, externalUser, sessionId } = detail;
  if ([appTitle, appReferer, userAgent, externalUser, sessionId].every((value) => value === null)) {
    return <p className="py-2 text-sm text-muted">{t("activity.noApp")}</p>;
  }
  return (
    <Facts>
      <MaybeFact label={t("activity.appTitle")} value={appTitle} />
      <MaybeFact label={t("activity.appReferer")} value={appReferer} />
      <MaybeFact label={t("activity.appCategories")} value={appCategories.join(", ")} />
      <MaybeFact label={t("activity.userAgent")} value={userAgent} />
      <MaybeFact label={t("activity.externalUser")} value={externalUser} />
      <MaybeFact label={t("activity.sessionId")} value={sessionId} />
    </Facts>
  );
}

function Reported({ feedback }: { feedback: ActivityDetail["feedback"] }) {
  const { t } = useTranslation();
  if (feedback.length === 0) return null;
  return (
    <Section title={t("activity.sectionFeedback")}>
      <Facts>
        {feedback.map(({ category, comment }) => (
          <Fact key={category} label={category}>
            {comment ?? t("common.none")}
          </Fact>
        ))}
      </Facts>
    </Section>
  );
}

/** Says whether there is anything to read, so that nobody has to guess what is kept of them. */
function Content({ detail: { id, apiType, content, account } }: { detail: Shown }) {
  const { t } = useTranslation();
  const { payloadRetentionDays: days } = useInstance();
  const kept = account === undefined ? t("activity.contentMissing") : t("activity.contentOfOthers");
  const missing = days === null ? t("activity.contentOff") : kept;
  return (
    <Section title={t("activity.sectionContent")}>
      {content === null ? <p className="py-2 text-sm text-muted">{missing}</p> : <ActivityContent content={content} />}
      {content === null || apiType !== "chat" ? null : (
        <Link to="/playground" search={{ replay: id }} className={buttonStyle({ className: "mt-4" })}>
          <MessagesSquare aria-hidden />
          {t("playground.openLog")}
        </Link>
      )}
    </Section>
  );
}
