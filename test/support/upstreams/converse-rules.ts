/** What Bedrock refuses of a Converse body, as far as a mistake of the gateway could cause it. */
import type { ConverseRequest } from "@aws-sdk/client-bedrock-runtime";

const FIELDS: ReadonlySet<string> = new Set<keyof ConverseRequest>([
  ...(["messages", "system", "inferenceConfig", "toolConfig", "guardrailConfig", "promptVariables"] as const),
  ...(["additionalModelRequestFields", "additionalModelResponseFieldPaths", "requestMetadata"] as const),
  ...(["performanceConfig", "serviceTier", "outputConfig"] as const),
]);

/** The sentence of the refusal, null for a body that is taken. */
export function converseRefusal(body: Record<string, unknown>): string | null {
  const unknown = Object.keys(body).find((name) => !FIELDS.has(name));
  if (unknown !== undefined) return `extraneous key [${unknown}] is not permitted`;
  const { messages = [], toolConfig } = body as Pick<ConverseRequest, "messages" | "toolConfig">;
  if (messages.length === 0) return "A conversation must have at least one message.";
  let called: (string | undefined)[] = [];
  for (const [at, { role, content = [] }] of messages.entries()) {
    if (role !== (at % 2 === 0 ? "user" : "assistant"))
      return "A conversation must alternate between user and assistant.";
    if (content.length === 0) return `messages.${at}.content: must not be empty`;
    if (content.some((block) => block.text !== undefined && block.text.trim() === "")) {
      return `The text field in the ContentBlock object at messages.${at}.content is blank.`;
    }
    const results = content.flatMap(({ toolResult }) => (toolResult ? [toolResult.toolUseId] : []));
    if (called.length !== results.length || called.some((id) => !results.includes(id))) {
      return `Expected toolResult blocks at messages.${at}.content for the following Ids: ${called.join(", ")}`;
    }
    called = content.flatMap(({ toolUse }) => (toolUse ? [toolUse.toolUseId] : []));
    const usesTools = results.length > 0 || called.length > 0;
    if (usesTools && toolConfig === undefined)
      return "The toolConfig field must be defined when using toolUse content.";
  }
  return null;
}
