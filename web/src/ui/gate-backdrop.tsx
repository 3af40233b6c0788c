/** The split gate, large and faint, behind a page: the page stands in its opening. */
export function GateBackdrop() {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 1200 700"
      preserveAspectRatio="xMidYMax slice"
      className="pointer-events-none absolute inset-0 -z-10 size-full text-brand opacity-[0.07]"
    >
      <path
        fill="currentColor"
        d="M340 40v660H-40V600h50V500h50V400h55V300h55V210h55V120h50V40Zm520 0v660h380V600h-50V500h-50V400h-55V300h-55V210h-55V120h-50V40Z"
      />
    </svg>
  );
}
