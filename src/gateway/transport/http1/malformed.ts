/** What came in is no answer of HTTP/1.1, or one that must not be believed. `message` is for the log. */
export class MalformedAnswer extends Error {
  override readonly name = "MalformedAnswer";
}
