/** Writes canonical events as a response: event by event, or whole. */
import type { GapuraError } from "../../../kernel/errors.ts";
import type { JsonObject } from "../../../kernel/json.ts";
import type { AnswerContext, AnswerIdentity, Billed, ClientRequest, EventWriter } from "../../canonical/dialects.ts";
import type { CanonicalEvent, FinishReason } from "../../canonical/events.ts";
import { responseHead, withUsage } from "./answer.ts";
import { failureCode, failureMessage } from "./failures.ts";
import { DONE_FRAME, failureFrames, Numbering } from "./frames.ts";
import { ResponseOutput } from "./output.ts";
import type { Step } from "./output-item.ts";
import { calledTools } from "./tools.ts";

export class ResponsesWriter implements EventWriter {
  readonly #numbering = new Numbering();
  readonly #response: ResponseInProgress;
  #begun = false;

  constructor(identity: AnswerIdentity, request: ClientRequest) {
    this.#response = new ResponseInProgress(identity, request);
  }

  write(event: CanonicalEvent): string {
    const steps = this.#response.accept(event);
    return this.#beginning() + steps.map((step) => this.#numbering.frame(step)).join("");
  }

  end(billed: Billed): string {
    const steps = this.#response.close();
    const response = this.#response.body(billed);
    const frames = steps.map((step) => this.#numbering.frame(step)).join("");
    const last = this.#numbering.frame({ type: `response.${String(response.status)}`, response });
    return this.#beginning() + frames + last + DONE_FRAME;
  }

  fail(error: GapuraError): string {
    const beginning = this.#beginning();
    const steps = this.#response.close("incomplete");
    const frames = steps.map((step) => this.#numbering.frame(step)).join("");
    return beginning + frames + failureFrames(this.#numbering, { error, response: this.#response.failed(error) });
  }

  #beginning(): string {
    if (this.#begun) return "";
    this.#begun = true;
    const response = this.#response.snapshot();
    return ["response.created", "response.in_progress"]
      .map((type) => this.#numbering.frame({ type, response }))
      .join("");
  }
}

/** The whole response that the events make. */
export function responseOf(
  events: readonly CanonicalEvent[],
  { identity, request, billed }: AnswerContext,
): JsonObject {
  const response = new ResponseInProgress(identity, request);
  for (const event of events) response.accept(event);
  response.close();
  return response.body(billed);
}

/** How a response ends, by why the model stopped. */
const ENDS: Readonly<Record<FinishReason, { status: string; reason?: string }>> = {
  stop: { status: "completed" },
  tool_calls: { status: "completed" },
  length: { status: "incomplete", reason: "max_output_tokens" },
  content_filter: { status: "incomplete", reason: "content_filter" },
  error: { status: "failed" },
};

class ResponseInProgress {
  readonly #head: JsonObject;
  readonly #output: ResponseOutput;
  #finish: FinishReason = "stop";

  constructor(identity: AnswerIdentity, request: ClientRequest) {
    const body = request.body.value;
    this.#head = responseHead(identity, body);
    this.#output = new ResponseOutput(identity.generationId, calledTools(body));
  }

  accept(event: CanonicalEvent): Step[] {
    if (event.kind === "start" && event.createdSeconds !== null) this.#head.created_at = event.createdSeconds;
    else if (event.kind === "service-tier") this.#head.service_tier = event.tier;
    else if (event.kind === "finish") this.#finish = event.reason;
    return this.#output.accept(event);
  }

  close(status = this.#isWhole() ? ("completed" as const) : ("incomplete" as const)): Step[] {
    return this.#output.close(status);
  }

  /** As it stands before its first item. */
  snapshot(): JsonObject {
    return structuredClone(this.#head);
  }

  body(billed: Billed): JsonObject {
    const { status, reason } = ENDS[this.#finish];
    const response: JsonObject = {
      ...this.#head,
      status,
      completed_at: status === "completed" ? (billed.completedSeconds ?? null) : null,
      incomplete_details: reason === undefined ? null : { reason },
      output: this.#output.items,
    };
    if (status === "failed") {
      response.error = { code: "server_error", message: "The provider ended the answer with an error." };
      response.error_type = "provider_unavailable";
    }
    return withUsage(response, billed);
  }

  failed(error: GapuraError): JsonObject {
    return {
      ...this.#head,
      status: "failed",
      error: { code: failureCode(error), message: failureMessage(error) },
      error_type: error.errorType,
      output: this.#output.items,
    };
  }

  #isWhole(): boolean {
    return ENDS[this.#finish].status === "completed";
  }
}
