import { Link } from "@tanstack/react-router";
import { Check } from "lucide-react";
import { useTranslation } from "react-i18next";
import { classNames } from "../../lib/class-names.ts";
import { Card } from "../../ui/card.tsx";

interface FirstStepsProps {
  hasKey: boolean;
  hasRequests: boolean;
  hasProvider: boolean;
}

/** What is left to do until the first real answer; what is done is ticked. */
export function FirstSteps({ hasKey, hasRequests, hasProvider }: FirstStepsProps) {
  const { t } = useTranslation();
  const steps = [
    {
      isDone: hasKey,
      link: { to: "/keys", search: { create: true } },
      title: t("dashboard.stepKeyTitle"),
      text: t("dashboard.stepKeyText"),
    },
    {
      isDone: hasRequests,
      link: { to: "/keys", search: {} },
      title: t("dashboard.stepRequestTitle"),
      text: t("dashboard.stepRequestText"),
    },
    {
      isDone: hasProvider,
      link: { to: "/providers", search: {} },
      title: t("dashboard.stepProviderTitle"),
      text: t("dashboard.stepProviderText"),
    },
  ] as const;
  return (
    <Card>
      <h2 className="text-lg font-bold">{t("dashboard.stepsTitle")}</h2>
      <ol className="mt-4 grid gap-4 md:grid-cols-3">
        {steps.map(({ isDone, link, title, text }, index) => (
          <li key={title} className="flex gap-3">
            <span
              className={classNames(
                "flex size-8 shrink-0 items-center justify-center rounded-full text-sm font-bold",
                isDone ? "bg-good-soft text-good" : "bg-brand-soft text-brand",
              )}
            >
              {isDone ? <Check aria-hidden className="size-4" /> : <span aria-hidden>{index + 1}</span>}
              <span className="sr-only">{isDone ? t("dashboard.stepDone") : t("dashboard.stepOpen")}</span>
            </span>
            <div>
              {isDone ? (
                <p className="font-semibold text-muted">{title}</p>
              ) : (
                <Link {...link} className="text-link font-semibold">
                  {title}
                </Link>
              )}
              <p className="mt-0.5 text-sm text-muted">{text}</p>
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}
