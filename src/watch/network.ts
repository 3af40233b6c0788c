/** The network that an address belongs to, coarse enough that a machine which gets a new address next door is no news. */
import ipaddr from "ipaddr.js";

const LONGEST_PROGRAM = 60;

/** `203.0.113.0/24` or `2001:db8:1::/48`; the text itself where it is no address. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  const bytes = parsed.toByteArray();
  const kept = bytes.length === 4 ? 3 : 6;
  const network = ipaddr.fromByteArray(bytes.map((byte, index) => (index < kept ? byte : 0)));
  return `${network.toString()}/${kept * 8}`;
}

/** The program of a User-Agent without its version, which changes with every update: `OpenAI/Python 1.2` is `openai/python`. */
export function programOf(userAgent: string): string {
  // Whoever calls chooses it, and it is kept and shown: so it is short, and can be no web address.
  const plain = userAgent.toLowerCase().replace(/[^a-z0-9 ./_+-]+/g, " ");
  const first = plain.trim().split(/\s+/).slice(0, 2).join(" ");
  return first.replace(/[\s/]+v?\d.*$/, "").slice(0, LONGEST_PROGRAM) || "unnamed";
}
