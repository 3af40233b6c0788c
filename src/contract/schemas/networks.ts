/** From where keys may be called, as programs and forms send it. */
import { z } from "zod";
import { networkText, parseNetwork } from "../../kernel/networks.ts";

const MOST_ENTRIES = 100;

const networkInput = z
  .string()
  .max(60)
  .transform((value, context) => {
    const network = parseNetwork(value.trim());
    if (network) return networkText(network);
    context.addIssue({
      code: "custom",
      message: 'must be an IP address or a network, for example "203.0.113.7" or "2001:db8::/32"',
      input: value,
    });
    return z.NEVER;
  });

/** Null for anywhere; empty for nowhere. Comes out in the shortest form, bits outside a mask as zero, nothing twice. */
export const networkListInput = z
  .array(networkInput)
  .max(MOST_ENTRIES, `must not have more than ${MOST_ENTRIES} entries`)
  .transform((networks) => [...new Set(networks)])
  .nullable();

export const networkList = z.array(z.string()).nullable();
