import { useTranslation } from "react-i18next";
import { PageHeader } from "../../ui/page.tsx";
import { Section } from "../../ui/section.tsx";
import { KeyPolicySection } from "../key-risks/key-policy-form.tsx";
import { RiskSection } from "../key-risks/risk-section.tsx";
import { useReach } from "../team/accounts.ts";
import { AccountAddressSection } from "./account-addresses.tsx";

/** What keeps the account's keys safe. */
export function SecurityPage() {
  const { t } = useTranslation();
  const seesAddresses = useReach("getAccountAddresses") !== "none";
  return (
    <>
      <PageHeader title={t("security.title")} lead={t("security.lead")} />
      <div className="mb-8">
        <RiskSection />
      </div>
      <div className="space-y-5">
        {seesAddresses ? (
          <Section title={t("security.accountAddresses")} text={t("security.accountAddressesText")}>
            <AccountAddressSection />
          </Section>
        ) : null}
        <Section title={t("safety.policy")} text={t("safety.policyText")}>
          <KeyPolicySection />
        </Section>
      </div>
    </>
  );
}
