/**
 * What somebody who is not on the list writes to look as if they were. FRIEND is on the key's list, the real caller
 * STRANGER is not, and the proxy in front (127.0.0.1 here) is not either.
 */
export const FRIEND = "198.51.100.7";
export const FRIEND_V6 = "2001:db8:7::7";
export const STRANGER = "203.0.113.66";
/** What the key's list names. */
export const ALLOWED = [FRIEND, "2001:db8:7::/48", "192.0.2.0/28"];
/** The second proxy of the chain. */
export const INNER_PROXY = "10.20.0.9";
export const PROXIES = `127.0.0.1,::1,${INNER_PROXY}`;

export interface Disguise {
  title: string;
  /** Whole header lines, in order. */
  lines: string[];
  /** The header that the operator named; null where no proxy is trusted at all. */
  named: string | null;
}

const FORWARDED_FOR = "x-forwarded-for";

/** Nobody is a proxy here, so nothing that anybody writes counts. */
const withoutProxy: Disguise[] = [
  ...[FORWARDED_FOR, "X-FORWARDED-FOR", "x-real-ip", "cf-connecting-ip", "true-client-ip", "x-client-ip"],
  ...["fly-client-ip", "x-cluster-client-ip", "x-originating-ip", "x-remote-ip", "x-remote-addr", "client-ip"],
  ...["fastly-client-ip", "x-azure-clientip", "x-appengine-user-ip", "x-envoy-external-address", "via"],
].map((header) => ({ title: `${header} without a proxy`, lines: [`${header}: ${FRIEND}`], named: null }));

const moreWithoutProxy: Disguise[] = [
  { title: "Forwarded without a proxy", lines: [`forwarded: for=${FRIEND}`], named: null },
  {
    title: "every header at once",
    lines: [FORWARDED_FOR, "x-real-ip"].map((name) => `${name}: ${FRIEND}`),
    named: null,
  },
  { title: "the header of our own plumbing", lines: [`x-gapura-client-address: ${FRIEND}`], named: null },
];

/** What the caller wrote, and behind it what an honest proxy adds: the caller's real address. */
const spoofedLeft = [
  ...[FRIEND, `${FRIEND}, ${FRIEND}`, `${FRIEND},${FRIEND},${FRIEND}`, ` ${FRIEND} `, `${FRIEND},`, `,${FRIEND}`, ",,"],
  ...[`"${FRIEND}"`, `[${FRIEND}]`, `${FRIEND}:443`, `for=${FRIEND}`, `${FRIEND};`, `${FRIEND}/32`, "0.0.0.0/0", "*"],
  ...[
    "unknown",
    "_hidden",
    "localhost",
    "127.0.0.1",
    "::1",
    INNER_PROXY,
    FRIEND_V6,
    `[${FRIEND_V6}]:443`,
    "::ffff:c633:6407",
  ],
  ...[`::ffff:${FRIEND}`, "0xc6336407", "3325256711", "0306.063.0144.07", "198.51.25607", "192.0.2.1", "192.0.2.15"],
  ...[
    "１９８.51.100.7",
    "١٩٨.51.100.7",
    `${FRIEND}\t`,
    `${FRIEND}\u00a0`,
    "a".repeat(2_000),
    `${FRIEND}, `.repeat(500),
  ],
  new Array(1_000).fill(INNER_PROXY).join(","),
].map((written, index) => ({
  title: `left of the proxy's word, case ${index + 1}`,
  lines: [`x-forwarded-for: ${written}, ${STRANGER}`],
  named: FORWARDED_FOR,
}));

/** The proxy's own word is last on a line of its own, in the wrong place, or nonsense. */
const odd: Disguise[] = [
  { title: "two lines", lines: [`x-forwarded-for: ${FRIEND}`, `x-forwarded-for: ${STRANGER}`], named: FORWARDED_FOR },
  {
    title: "two lines, one in capitals",
    lines: [`X-Forwarded-For: ${FRIEND}`, `x-forwarded-for: ${STRANGER}`],
    named: FORWARDED_FOR,
  },
  {
    title: "two proxies in a row",
    lines: [`x-forwarded-for: ${FRIEND}, ${STRANGER}, ${INNER_PROXY}`],
    named: FORWARDED_FOR,
  },
  { title: "nonsense from the proxy", lines: [`x-forwarded-for: ${FRIEND}, banana`], named: FORWARDED_FOR },
  { title: "nothing from the proxy", lines: [`x-forwarded-for: ${FRIEND},`], named: FORWARDED_FOR },
  { title: "a port from the proxy", lines: [`x-forwarded-for: ${FRIEND}:443`], named: FORWARDED_FOR },
  { title: "brackets from the proxy", lines: [`x-forwarded-for: [${FRIEND_V6}]`], named: FORWARDED_FOR },
  { title: "a zone from the proxy", lines: [`x-forwarded-for: ${FRIEND_V6}%eth0`], named: FORWARDED_FOR },
  { title: "leading zeros from the proxy", lines: ["x-forwarded-for: 198.051.100.007"], named: FORWARDED_FOR },
  { title: "no header from the proxy", lines: [], named: FORWARDED_FOR },
  { title: "an empty header from the proxy", lines: ["x-forwarded-for:"], named: FORWARDED_FOR },
  { title: "the neighbour of the network", lines: ["x-forwarded-for: 192.0.2.16"], named: FORWARDED_FOR },
  { title: "the neighbour of the IPv6 network", lines: ["x-forwarded-for: 2001:db8:8::7"], named: FORWARDED_FOR },
  {
    title: "the IPv6 address that carries the IPv4 one",
    lines: [`x-forwarded-for: ::${FRIEND}`],
    named: FORWARDED_FOR,
  },
  { title: "the NAT64 form of it", lines: [`x-forwarded-for: 64:ff9b::${FRIEND}`], named: FORWARDED_FOR },
  { title: "the 6to4 form of it", lines: ["x-forwarded-for: 2002:c633:6407::1"], named: FORWARDED_FOR },
  { title: "another header than the named one", lines: [`x-real-ip: ${FRIEND}`], named: FORWARDED_FOR },
  {
    title: "another header beside the named one",
    lines: [`cf-connecting-ip: ${FRIEND}`, `x-forwarded-for: ${STRANGER}`],
    named: FORWARDED_FOR,
  },
  {
    title: "Forwarded beside the named one",
    lines: [`forwarded: for=${FRIEND}`, `x-forwarded-for: ${STRANGER}`],
    named: FORWARDED_FOR,
  },
];

/** Proxies that write into other headers. */
const otherHeaders: Disguise[] = [
  ...[`for=${FRIEND}, for=${STRANGER}`, `for="${FRIEND}, for=${STRANGER}`, `for=${FRIEND};for=${STRANGER}`].map(
    (word) => ({
      title: `Forwarded: ${word}`,
      lines: [`forwarded: ${word}`],
      named: "forwarded",
    }),
  ),
  {
    title: "Forwarded with a quoted comma",
    lines: [`forwarded: by="x,for=${FRIEND}";for=${STRANGER}`],
    named: "forwarded",
  },
  {
    title: "Forwarded on two lines",
    lines: [`forwarded: for=${FRIEND}`, `forwarded: for=${STRANGER}`],
    named: "forwarded",
  },
  { title: "Forwarded without for", lines: [`forwarded: by=${FRIEND};host=${FRIEND}`], named: "forwarded" },
  { title: "Forwarded that hides the caller", lines: [`forwarded: for=${FRIEND}, for=_a`], named: "forwarded" },
  {
    title: "X-Forwarded-For beside Forwarded",
    lines: [`x-forwarded-for: ${FRIEND}`, `forwarded: for=${STRANGER}`],
    named: "forwarded",
  },
  { title: "X-Real-IP twice", lines: [`x-real-ip: ${FRIEND}`, `x-real-ip: ${STRANGER}`], named: "x-real-ip" },
  { title: "X-Real-IP as a list", lines: [`x-real-ip: ${FRIEND}, ${STRANGER}`], named: "x-real-ip" },
  {
    title: "X-Forwarded-For beside X-Real-IP",
    lines: [`x-forwarded-for: ${FRIEND}`, `x-real-ip: ${STRANGER}`],
    named: "x-real-ip",
  },
  {
    title: "the header's name with an underscore",
    lines: [`x_real_ip: ${FRIEND}`, `x-real-ip: ${STRANGER}`],
    named: "x-real-ip",
  },
];

export const disguises: readonly Disguise[] = [
  ...withoutProxy,
  ...moreWithoutProxy,
  ...spoofedLeft,
  ...odd,
  ...otherHeaders,
];

/** The same key from where it may be called: proof that the list is no wall. */
export const honest: readonly Disguise[] = [
  { title: "one proxy", lines: [`x-forwarded-for: ${FRIEND}`], named: FORWARDED_FOR },
  { title: "two proxies", lines: [`x-forwarded-for: ${STRANGER}, ${FRIEND}, ${INNER_PROXY}`], named: FORWARDED_FOR },
  { title: "IPv6", lines: [`x-forwarded-for: ${FRIEND_V6}`], named: FORWARDED_FOR },
  { title: "IPv4 inside IPv6", lines: [`x-forwarded-for: ::ffff:${FRIEND}`], named: FORWARDED_FOR },
  { title: "the edge of the network", lines: ["x-forwarded-for: 192.0.2.15"], named: FORWARDED_FOR },
  { title: "Forwarded", lines: [`forwarded: for="[${FRIEND_V6}]:4711"`], named: "forwarded" },
  { title: "X-Real-IP", lines: [`x-real-ip: ${FRIEND}`], named: "x-real-ip" },
];
