/** The named parts of the governed path, and the functions by which a sample is known to belong to one. */

/**
 * The innermost function of a sample that stands here decides, so what a part calls belongs to it, down to the runtime and
 * the kernel.
 */
const MAIN: readonly (readonly [part: string, functions: string])[] = [
  ["door", "receive tidied pathOf handle newRequestId newGenerationId randomBase62 openCall waitLong"],
  ["key", "authenticateKey requireKind requireAddress parseApiKey find authorization"],
  [
    "body",
    "readJsonBody readBytes readAnnounced parseBody parseInSteps run #take readChatRequest completedBody presetNamed",
  ],
  ["notes", "requestNotes attribution cacheUse promptLength askedSize"],
  ["rates", "admit reserveTokens after end"],
  [
    "route",
    "planRoute planCall considerRoute considered decided decideRoute looked lookUp requestNeeds parametersOf mergeWishes standing",
  ],
  ["set_aside", "setAside affordable #reserve reserve holdPlan priceBound #ask setFor nameOf"],
  [
    "attempts",
    "firstAnswer attemptHedged oneAttempt begin next #enter open answered patienceFor beginAttempt endAttempt",
  ],
  ["prepare", "prepare editsFor editBody merged concatenate"],
  ["send", "send attempt requestBytes openWire write"],
  [
    "read_answer",
    "onBytes #readHead #readBody readHead addField answerOf #finish readWhole boundedText note readUsage",
  ],
  ["charge", "billFor chargeFor costOf certainNano"],
  ["finish_answer", "finishAnswer finishCompletion usageBody wholeAnswer"],
  ["record", "keep keepPrice usageRecord usageRowOf record settle add storable ended"],
  ["writer_way", "flush packCommands packedCommand packedRow unpackOutcomes #run #settle #write watch #gather"],
  ["reply", "json streamHeaders"],
  ["background", "tick #sync repeat executeQuery"],
];

const WRITER: readonly (readonly [part: string, functions: string])[] = [
  ["unpack", "unpackCommands unpackedRow unpackRows"],
  ["insert", "insertUsage isNew"],
  ["sums", "addSums sumByKeyDay sumByActivity"],
  ["books", "keepBooks load save settleAll answer query lockedRows"],
  ["commit", "run"],
  ["pack", "packOutcomes packedOutcome"],
  ["transaction", "keepSqliteBooks converseWithSqlite"],
];

const mainParts = tableOf(MAIN);
const writerParts = tableOf(WRITER);

/** The parts of the event loop's thread. */
export function mainPart(functions: readonly string[]): string | undefined {
  return partOf(mainParts, functions);
}

/** The parts of the thread that writes to SQLite. */
export function writerPart(functions: readonly string[]): string | undefined {
  return partOf(writerParts, functions);
}

function partOf(parts: ReadonlyMap<string, string>, functions: readonly string[]): string | undefined {
  for (const name of functions) {
    const part = parts.get(name);
    if (part !== undefined) return part;
  }
  return undefined;
}

function tableOf(parts: readonly (readonly [part: string, functions: string])[]): ReadonlyMap<string, string> {
  return new Map(parts.flatMap(([part, functions]) => functions.split(" ").map((name) => [name, part] as const)));
}
