import { aiSdkScenarios } from "./ai-sdk.ts";
import { anthropicSdkScenarios } from "./anthropic-sdk.ts";
import { curlScenarios } from "./curl.ts";
import { langchainScenarios } from "./langchain.ts";
import { openAiChatScenarios } from "./openai-chat.ts";
import { openAiResponsesScenarios } from "./openai-responses.ts";
import { openRouterOperationScenarios } from "./openrouter-operations.ts";
import { openRouterSdkScenarios } from "./openrouter-sdk.ts";
import type { Scenario } from "./scenario.ts";

/** Every client with everything it does. */
export const scenarios: readonly Scenario[] = [
  ...openAiChatScenarios,
  ...openAiResponsesScenarios,
  ...anthropicSdkScenarios,
  ...openRouterSdkScenarios,
  ...openRouterOperationScenarios,
  ...aiSdkScenarios,
  ...langchainScenarios,
  ...curlScenarios,
];
