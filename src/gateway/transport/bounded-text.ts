/** Reads an answer as text, up to a bound, whatever the sender says about its length. */

export class AnswerTooLong extends Error {
  override readonly name = "AnswerTooLong";
}

/** Rejects with AnswerTooLong beyond `maxBytes`, and with the connection's error when it breaks. */
export function boundedText(answer: Response, maxBytes: number): Promise<string> {
  const announced = answer.headers.get("content-length");
  if (announced !== null && !(Number(announced) <= maxBytes)) return Promise.reject(tooLong(maxBytes));
  if (announced !== null && isAsLongAsAnnounced(answer.headers)) return answer.text();
  return piecesOf(answer, maxBytes);
}

async function piecesOf(answer: Response, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of answer.body ?? []) {
    length += part.length;
    if (length > maxBytes) throw tooLong(maxBytes);
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

/**
 * A compressed answer announces what it is before it grows (nobody asked for one, which hinders no provider from sending
 * it), and a chunked one may announce anything.
 */
function isAsLongAsAnnounced(headers: Headers): boolean {
  return !headers.has("content-encoding") && !headers.has("transfer-encoding");
}

function tooLong(maxBytes: number): AnswerTooLong {
  return new AnswerTooLong(`the answer is longer than ${maxBytes} bytes`);
}
