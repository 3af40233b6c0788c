/**
 * Canonical events as Anthropic's content blocks: one after the other, numbered from 0, each begun, filled and ended
 * before the next begins. Calls whose arguments come interleaved wait their turn; so do sealed thoughts that come in
 * the middle of a call.
 */
import { type JsonObject, parseJson } from "../../../kernel/json.ts";
import type { CanonicalEvent, Citation, ReasoningDetail } from "../../canonical/events.ts";
import { carriedData, carriedSignature } from "./carried-thoughts.ts";

export type BlockStep =
  | { type: "content_block_start"; index: number; content_block: JsonObject }
  | { type: "content_block_delta"; index: number; delta: JsonObject }
  | { type: "content_block_stop"; index: number };

type Shown = Exclude<ReasoningDetail, { kind: "encrypted" }>;
type Open = { kind: "text" } | { kind: "thinking"; last: Shown } | { kind: "tool"; call: number; json: string };

interface WaitingCall {
  call: number;
  id: string;
  name: string;
  json: string;
}

export class BlockSequence {
  #next = 0;
  #open: Open | null = null;
  #waitingCalls: WaitingCall[] = [];
  #waitingThoughts: Extract<ReasoningDetail, { kind: "encrypted" }>[] = [];
  #steps: BlockStep[] = [];
  hasToolCalls = false;

  /** The steps that an event makes, maybe none. */
  add(event: CanonicalEvent): BlockStep[] {
    switch (event.kind) {
      case "text":
      case "refusal":
        if (event.text !== "") this.#text(event.text);
        break;
      case "reasoning":
        if (event.detail.kind === "encrypted") this.#sealed(event.detail);
        else this.#thought(event.detail);
        break;
      case "tool-call":
        this.#call({ call: event.index, id: event.id, name: event.name, json: "" });
        break;
      case "tool-arguments":
        this.#arguments(event.index, event.text);
        break;
      case "citation":
        if (this.#open?.kind === "text") this.#delta({ type: "citations_delta", citation: cited(event.citation) });
        break;
      case "finish":
        this.#settle();
        break;
    }
    return this.#taken();
  }

  /** Ends what is still open. */
  end(): BlockStep[] {
    this.#settle();
    return this.#taken();
  }

  #text(text: string): void {
    if (this.#open?.kind !== "text") {
      this.#settle();
      this.#start({ type: "text", text: "", citations: null });
      this.#open = { kind: "text" };
    }
    this.#delta({ type: "text_delta", text });
  }

  #thought(detail: Shown): void {
    const open = this.#open;
    const continues = open?.kind === "thinking" && open.last.kind === detail.kind && open.last.id === detail.id;
    if (!continues) {
      this.#settle();
      this.#start({ type: "thinking", thinking: "", signature: "" });
    }
    this.#open = { kind: "thinking", last: detail };
    const text = detail.kind === "text" ? detail.text : detail.summary;
    if (text !== "") this.#delta({ type: "thinking_delta", thinking: text });
    if (detail.kind === "text" && detail.signature !== null) this.#close();
  }

  #sealed(detail: Extract<ReasoningDetail, { kind: "encrypted" }>): void {
    if (this.#open?.kind === "tool") {
      this.#waitingThoughts.push(detail);
      return;
    }
    this.#close();
    this.#start({ type: "redacted_thinking", data: carriedData(detail) });
    this.#stop();
  }

  #call(call: WaitingCall): void {
    this.hasToolCalls = true;
    if (this.#open?.kind === "tool" && !isWholeJson(this.#open.json)) {
      this.#waitingCalls.push(call);
      return;
    }
    this.#close();
    this.#beginCall(call);
  }

  #beginCall({ call, id, name, json }: WaitingCall): void {
    this.#start({ type: "tool_use", id, name, input: {} });
    this.#open = { kind: "tool", call, json: "" };
    if (json !== "") this.#arguments(call, json);
  }

  #arguments(call: number, text: string): void {
    const open = this.#open;
    if (open?.kind === "tool" && open.call === call) {
      open.json += text;
      if (text !== "") this.#delta({ type: "input_json_delta", partial_json: text });
      if (this.#waitingCalls.length > 0 && isWholeJson(open.json)) this.#nextCall();
      return;
    }
    const waiting = this.#waitingCalls.find((one) => one.call === call);
    if (waiting) waiting.json += text;
  }

  #nextCall(): void {
    this.#close();
    const next = this.#waitingCalls.shift();
    if (next) this.#beginCall(next);
  }

  /** Ends the open block and writes everything that waited for it. */
  #settle(): void {
    while (this.#waitingCalls.length > 0) this.#nextCall();
    this.#close();
  }

  #close(): void {
    const open = this.#open;
    this.#open = null;
    if (open === null) return;
    if (open.kind === "thinking") {
      const signature = carriedSignature(open.last);
      if (signature !== "") this.#delta({ type: "signature_delta", signature });
    }
    this.#stop();
    for (const detail of this.#waitingThoughts.splice(0)) this.#sealed(detail);
  }

  #start(content_block: JsonObject): void {
    this.#steps.push({ type: "content_block_start", index: this.#next, content_block });
  }

  #delta(delta: JsonObject): void {
    this.#steps.push({ type: "content_block_delta", index: this.#next, delta });
  }

  #stop(): void {
    this.#steps.push({ type: "content_block_stop", index: this.#next });
    this.#next++;
  }

  #taken(): BlockStep[] {
    const steps = this.#steps;
    this.#steps = [];
    return steps;
  }
}

function isWholeJson(text: string): boolean {
  return text.trimEnd().endsWith("}") && parseJson(text).ok;
}

function cited({ url, title, content }: Citation): JsonObject {
  return { type: "web_search_result_location", url, title, cited_text: content ?? "", encrypted_index: "" };
}
