import { useTranslation } from "react-i18next";
import { Card } from "../../ui/card.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { KeyPolicySection } from "../key-risks/key-policy-form.tsx";
import { RiskSection } from "../key-risks/risk-section.tsx";
import { AccountAddressSection } from "./account-addresses.tsx";

/** What keeps the account's keys safe. */
export function SecurityPage() {
  const { t } = useTranslation();
  return (
    <>
      <PageHeader title={t("security.title")} lead={t("security.lead")} />
      <div className="mb-8">
        <RiskSection />
      </div>
      <Card className="grid gap-x-8 gap-y-4 lg:grid-cols-[16rem_minmax(0,1fr)]">
        <div>
          <h2 className="font-bold">{t("security.accountAddresses")}</h2>
          <p className="mt-1 text-sm text-muted">{t("security.accountAddressesText")}</p>
        </div>
        <div className="min-w-0 max-w-xl">
          <AccountAddressSection />
        </div>
      </Card>
      <Card className="mt-5 grid gap-x-8 gap-y-4 lg:grid-cols-[16rem_minmax(0,1fr)]">
        <div>
          <h2 className="font-bold">{t("safety.policy")}</h2>
          <p className="mt-1 text-sm text-muted">{t("safety.policyText")}</p>
        </div>
        <div className="min-w-0 max-w-xl">
          <KeyPolicySection />
        </div>
      </Card>
    </>
  );
}
