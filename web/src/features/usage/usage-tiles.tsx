import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { UsageFigures, UsageSeries } from "../../../../src/contract/schemas/usage-series.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatCompact, formatCount, formatDuration, formatShare } from "../../lib/format.ts";
import { Sparkline } from "../../ui/chart/sparkline.tsx";
import { Money } from "../instance/money.tsx";

interface UsageTilesProps {
  total: UsageFigures;
  before: UsageFigures;
  /** The step of the range that is not over yet, which is compared with a whole one; null where all of them are. */
  running: UsageSeries["step"] | null;
  /** Shapes of the same figures over the time, where there are any. */
  shapes?: {
    spend: readonly number[];
    requests: readonly number[];
    tokens: readonly number[];
    errors: readonly number[];
  };
}

/** The step of a range that is not over yet. */
export function runningStep({ step, toMs }: Pick<UsageSeries, "step" | "toMs">): UsageSeries["step"] | null {
  return toMs > Date.now() ? step : null;
}

/** The figures of a range, each beside what it was in the range before. */
export function UsageTiles({ running, ...figures }: UsageTilesProps) {
  const { t } = useTranslation();
  return (
    <div>
      <Tiles {...figures} />
      {running === null ? null : <p className="mt-2 text-xs text-muted">{t(`usage.running_${running}`)}</p>}
    </div>
  );
}

function Tiles({ total, before, shapes }: Omit<UsageTilesProps, "running">) {
  const { t } = useTranslation();
  const locale = useLocale();
  const tokens = ({ promptTokens, completionTokens }: UsageFigures) => promptTokens + completionTokens;
  const share = ({ errors, requests }: UsageFigures) => (requests === 0 ? null : errors / requests);
  const failed = share(total);
  const wait = total.firstTokenP50Ms;
  const slow = total.firstTokenP95Ms;
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-card border border-line bg-line shadow-card md:grid-cols-3 xl:grid-cols-[1.4fr_repeat(4,minmax(0,1fr))]">
      <Tile
        label={t("usage.spend")}
        shape={shapes?.spend}
        detail={<Change now={Number(total.spentUsd)} then={Number(before.spentUsd)} />}
      >
        {/* Money is never rounded, so that much of it is written smaller. */}
        <span className={total.spentUsd.length > 14 ? "text-lg" : total.spentUsd.length > 8 ? "text-xl" : ""}>
          <Money usd={total.spentUsd} />
        </span>
        {total.unpriced === 0 ? null : (
          <span className="block text-xs font-normal text-warn">{t("usage.unpriced", { count: total.unpriced })}</span>
        )}
      </Tile>
      <Tile
        label={t("usage.requests")}
        shape={shapes?.requests}
        detail={<Change now={total.requests} then={before.requests} />}
      >
        <span title={formatCount(total.requests, locale)}>{formatCount(total.requests, locale)}</span>
      </Tile>
      <Tile
        label={t("usage.tokens")}
        shape={shapes?.tokens}
        detail={
          <>
            <Change now={tokens(total)} then={tokens(before)} />
            <span className="block">
              {t("usage.tokensDetail", {
                prompt: formatCompact(total.promptTokens, locale),
                completion: formatCompact(total.completionTokens, locale),
              })}
            </span>
          </>
        }
      >
        <span title={formatCount(tokens(total), locale)}>{formatCompact(tokens(total), locale)}</span>
      </Tile>
      <Tile
        label={t("usage.errors")}
        shape={shapes?.errors}
        detail={t("usage.errorsOf", {
          errors: formatCount(total.errors, locale),
          requests: formatCount(total.requests, locale),
        })}
      >
        {failed === null ? "–" : formatShare(failed, locale)}
      </Tile>
      <Tile
        label={t("usage.firstToken")}
        detail={
          slow === null ? t("usage.noStreams") : t("usage.firstTokenSlow", { time: formatDuration(slow, locale) })
        }
      >
        {wait === null ? "–" : formatDuration(wait, locale)}
      </Tile>
    </dl>
  );
}

interface TileProps {
  label: string;
  detail: ReactNode;
  shape?: readonly number[] | undefined;
  children: ReactNode;
}

function Tile({ label, detail, shape, children }: TileProps) {
  return (
    <div className="flex min-w-0 flex-col bg-surface p-4 first:max-md:col-span-2 sm:p-5 md:last:max-xl:col-span-2">
      <dt className="text-sm text-muted">{label}</dt>
      <dd className="mt-1 text-2xl font-bold tracking-tight tabular-nums [overflow-wrap:anywhere]">{children}</dd>
      <dd className="mt-0.5 text-xs text-muted tabular-nums">{detail}</dd>
      {shape ? (
        <dd className="mt-auto pt-3">
          <Sparkline values={shape} />
        </dd>
      ) : null}
    </div>
  );
}

/** From here on a share of a hundred says less than how many times it is. */
const MANY_TIMES = 10;

/** How much more or less than in the range before. Neither good nor bad by itself, so in no colour. */
function Change({ now, then }: { now: number; then: number }) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (then === 0) return <span className="block">{t("usage.noBefore")}</span>;
  const change = (now - then) / then;
  if (change >= MANY_TIMES)
    return <span className="block">{t("usage.times", { times: formatCompact(now / then, locale) })}</span>;
  const sign = change > 0 ? "+" : "";
  return <span className="block">{t("usage.change", { change: `${sign}${formatShare(change, locale)}` })}</span>;
}
