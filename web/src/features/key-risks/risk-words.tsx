import { useTranslation } from "react-i18next";
import type { RiskyKey } from "../../../../src/contract/schemas/key-risks.ts";
import { RISK_POINTS } from "../../../../src/kernel/key-risk.ts";
import { Badge, type BadgeTone } from "../../ui/badge.tsx";

const TONE: Record<RiskyKey["level"], BadgeTone> = { none: "good", low: "plain", medium: "warn", high: "bad" };

export function RiskLevelBadge({ level, score }: Pick<RiskyKey, "level" | "score">) {
  const { t } = useTranslation();
  return <Badge tone={TONE[level]}>{t("safety.levelWithScore", { level: t(`safety.level_${level}`), score })}</Badge>;
}

/** What makes a key risky, each with its points. */
export function RiskReasons({ risks, networks }: Pick<RiskyKey, "risks" | "networks">) {
  const { t } = useTranslation();
  return (
    <ul className="space-y-0.5">
      {risks.map((risk) => (
        <li key={risk}>
          {t(`safety.why_${risk}`, { networks })} <span className="text-muted">(+{RISK_POINTS[risk]})</span>
        </li>
      ))}
    </ul>
  );
}
