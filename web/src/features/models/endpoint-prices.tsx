import { useTranslation } from "react-i18next";
import type { Pricing, PricingOverride } from "../../../../src/contract/schemas/models.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatCompact } from "../../lib/format.ts";
import { Money } from "../instance/money.tsx";
import { Part, Row } from "./endpoint-part.tsx";
import { Price } from "./model-cells.tsx";

/** Rates by the token, in the order of a bill; a rate that an endpoint has not is left out. */
const RATES = [
  ["prompt", "models.ratePrompt"],
  ["completion", "models.rateCompletion"],
  ["input_cache_read", "models.rateCacheRead"],
  ["input_cache_write", "models.rateCacheWrite"],
  ["input_cache_write_1h", "models.rateCacheWriteHour"],
  ["internal_reasoning", "models.rateReasoning"],
  ["image_token", "models.rateImage"],
  ["image_output", "models.rateImageOutput"],
  ["audio", "models.rateAudio"],
  ["audio_output", "models.rateAudioOutput"],
] as const;
/** Prices of one thing each. */
const EACH = [
  ["request", "models.rateRequest"],
  ["web_search", "models.rateSearch"],
] as const;

export function EndpointPrices({ pricing }: { pricing: Pricing }) {
  const { t } = useTranslation();
  return (
    <Part title={t("models.pricesPerMillion")}>
      {RATES.map(([field, label]) =>
        pricing[field] === undefined ? null : (
          <Row key={field} label={t(label)}>
            <Price perToken={pricing[field]} />
          </Row>
        ),
      )}
      {EACH.map(([field, label]) => {
        const usd = pricing[field];
        return usd === undefined ? null : (
          <Row key={field} label={t(label)}>
            <Money usd={usd} />
          </Row>
        );
      })}
      {pricing.overrides?.map((override) => (
        <Tier key={JSON.stringify(override)} override={override} />
      ))}
    </Part>
  );
}

/** Other rates under a condition: a long prompt, certain hours or days. */
function Tier({ override }: { override: PricingOverride }) {
  const { t } = useTranslation();
  const condition = useCondition(override);
  const rates = RATES.filter(([field]) => field in override);
  return (
    <div className="border-t border-line pt-1.5">
      <dt className="text-xs font-semibold">{condition}</dt>
      <dd>
        <dl className="space-y-1.5">
          {rates.map(([field, label]) => (
            <Row key={field} label={t(label)}>
              <Price perToken={rateOf(override, field)} />
            </Row>
          ))}
        </dl>
      </dd>
    </div>
  );
}

function rateOf(override: PricingOverride, field: (typeof RATES)[number][0]): string | undefined {
  const found = Object.entries(override).find(([name]) => name === field)?.[1];
  return typeof found === "string" ? found : undefined;
}

function useCondition({ min_prompt_tokens: tokens, utc_start: start, utc_end: end, utc_days: days }: PricingOverride) {
  const { t } = useTranslation();
  const locale = useLocale();
  const clock = (time: number) =>
    `${String(Math.floor(time / 100)).padStart(2, "0")}:${String(time % 100).padStart(2, "0")}`;
  return [
    tokens === undefined ? null : t("models.tierLong", { formatted: formatCompact(tokens, locale) }),
    start === undefined || end === undefined ? null : t("models.tierHours", { from: clock(start), to: clock(end) }),
    days === undefined ? null : days.join(", "),
  ]
    .filter((part) => part !== null)
    .join(" · ");
}
