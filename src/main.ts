/**
 * The composition root: configuration → storage → services → listen → drain. The one place that knows every part.
 *
 * Invariants: the data folder is claimed before its database is opened, and let go of last; nothing is answered before
 * everything stands; a stop refuses new calls, lets running answers end and their records become durable.
 * Failure modes: what fails while starting closes what was open and is thrown as it is; what fails later is logged.
 */
import { Catalog } from "./catalog/catalog.ts";
import { keyRingSource } from "./config/encryption-keys.ts";
import { isReachable, urlOfListener, withActualPort } from "./config/hosts.ts";
import { ensureSecret } from "./config/instance-secret.ts";
import type { Config } from "./config/schema.ts";
import type { Provider } from "./contract/schemas/instance.ts";
import { type Accounts, createAccounts } from "./control/accounts/accounts.ts";
import { pruneCopies } from "./control/administration/backup-handlers.ts";
import { securityHeaders } from "./control/http/security-headers.ts";
import { DataPlane } from "./gateway/data-plane.ts";
import { type Clock, systemClock } from "./kernel/clock.ts";
import { createMailer, type Mailer } from "./mail/mailer.ts";
import type { Start } from "./main/administration.ts";
import { auditCheckpoint, recordSettings } from "./main/audit.ts";
import { startJobs } from "./main/background.ts";
import { createControl } from "./main/control.ts";
import { createDoor, type Door } from "./main/door.ts";
import type { Ground } from "./main/ground.ts";
import { capCare, ledgerCare, ledgerPort, openBooks, usageSink } from "./main/ledger.ts";
import { modelPricesOf } from "./main/model-prices.ts";
import { noticesFor } from "./main/notices.ts";
import { payloadsOf } from "./main/payloads.ts";
import { pricesFor } from "./main/price-refresh.ts";
import { prepareEncryption, putStored, StoredProviders } from "./main/provider-keys.ts";
import { connectionsOf, privateUpstreams, providerLines, providerViews, sandboxOf } from "./main/providers.ts";
import { keyRecordOf } from "./main/records.ts";
import { routingOf } from "./main/routing.ts";
import { createSharedJobs } from "./main/shared-jobs.ts";
import { type Watching, watchingOf } from "./main/watching.ts";
import { createDatabaseClock } from "./storage/database-clock.ts";
import type { MoneyLedger } from "./storage/ledger/ledger.ts";
import { pruneLedger } from "./storage/ledger/prune.ts";
import { type Db, openStorage } from "./storage/open.ts";
import { closeDays } from "./storage/rollups/close-days.ts";
import { pruneUsage } from "./storage/rollups/retention.ts";
import type { ProviderKeyRow } from "./storage/schema.ts";
import { claimDataDir } from "./storage/sqlite.ts";
import { createAuditStore } from "./storage/stores/audit.ts";
import { createAuthCodeStore } from "./storage/stores/auth-codes.ts";
import type { CapShares } from "./storage/stores/cap-shares.ts";
import { createKeyStore } from "./storage/stores/keys.ts";
import { createMailStore } from "./storage/stores/mail.ts";
import { createPriceVersionStore } from "./storage/stores/price-versions.ts";
import { createProviderKeyStore } from "./storage/stores/provider-keys.ts";
import type { UsageWriter } from "./storage/usage-writer/usage-writer.ts";
import { createLog } from "./telemetry/log.ts";

export interface RunningServer {
  /** Where a person on this machine opens it, without a trailing slash. */
  url: string;
  /** Every method and path that is answered, pages of the dashboard aside: for the inventory of routes. */
  routes: { method: string; path: string }[];
  /**
   * Drains and closes everything. Resolves when the process may end. `lastCallMs` is how long new requests are still
   * taken, for clients and balancers that have not heard of it; without it not at all.
   */
  stop(options?: { lastCallMs?: number }): Promise<void>;
}

/** One of several processes that are one instance. The supervisor holds the data folder for all of them. */
export interface WorkerRole {
  /** From 1. The first one also does what is to be done once for all. */
  number: number;
}

export interface ServeOptions {
  /** Missing where this process is the whole instance. */
  worker?: WorkerRole | undefined;
  /** Where the settings came from, for whoever asks. */
  loaded?: Start["loaded"];
  /** Takes a line for the terminal. */
  print(line: string): void;
  /** Takes a line of the log, which else goes to standard error. */
  writeLog?(line: string): void;
  /** The time; the system's where it is left out. */
  clock?: Clock;
  /** See StorageOptions. */
  mostPages?: (() => number) | undefined;
}

/** How long a stop waits for the records and last words of answers that it has ended itself. */
const SETTLE_LIMIT_MS = 5_000;
const GIGABYTE = 1_000_000_000;

/**
 * Starts the server. `print` gets lines for the terminal: which providers are there, and the setup token of a reachable
 * instance that nobody owns. Rejects with StorageError, or with the system's error when the port cannot be listened on.
 */
export async function serve(config: Config, options: ServeOptions): Promise<RunningServer> {
  const log = createLog({
    level: config.logLevel,
    pretty: process.stderr.isTTY === true,
    write: options.writeLog ?? ((line) => void process.stderr.write(`${line}\n`)),
  });
  const { worker } = options;
  const claim = config.databaseUrl === null && !worker ? claimDataDir(config.dataDir) : null;
  const opened: (() => Promise<void> | void)[] = [() => claim?.release()];
  const closeAll = async () => {
    for (const close of opened.reverse()) await close();
  };
  try {
    const secret = config.secret ?? ensureSecret(config.dataDir);
    const databaseUrl = config.databaseUrl?.reveal();
    const onConnectionError = (error: Error) => log.warn("storage.connection_lost", { error });
    const storage = await openStorage({
      dataDir: config.dataDir,
      databaseUrl,
      onConnectionError,
      mostPages: options.mostPages,
    });
    opened.push(() => storage.close());
    const ring = keyRingSource(config);
    const providerKeys = createProviderKeyStore(storage.db, ring);
    await prepareEncryption(config, providerKeys, ring);
    const door = createDoor(config, { log, sharesPort: worker !== undefined });
    opened.push(() => door.close());
    const ground = {
      config: withActualPort(config, door.port),
      clock: options.clock ?? (await createDatabaseClock(storage, systemClock)),
      log,
      secret,
      storage,
      keys: createKeyStore(storage.db),
      audit: createAuditStore(storage.db, { secret, clock: systemClock }),
      mails: createMailStore(storage.db),
      providerKeys,
    };
    return await openFor(ground, door, {
      print: options.print,
      worker,
      start: startOf(ground, options),
      closeAll,
    });
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** Asks every configured provider once, and those of the dashboard that `stored` holds. For `gapura doctor`. */
export async function checkProviders(config: Config, stored: readonly ProviderKeyRow[]): Promise<Provider[]> {
  const catalog = new Catalog();
  const unused = () => Promise.reject(new Error("nobody is served here"));
  const plane = createDataPlane(config, {
    catalog,
    clock: systemClock,
    keySource: { findByHash: unused },
    ledger: { instanceLimits: () => [], trouble: () => null, reserve: unused, progress: () => {}, release: unused },
    usage: { record: unused },
    prices: { keep: unused },
    payloads: null,
    alerts: { report: () => {}, finished: () => {} },
    log: { warn: () => {} },
  });
  putStored(plane.connections, stored, keyRingSource(config));
  plane.connections.start();
  await plane.connections.firstRound;
  plane.connections.stop();
  return providerViews(plane.connections.present(), { hasSandbox: config.sandbox !== "off", idle: [] });
}

interface Opening extends Pick<ServeOptions, "print" | "worker"> {
  start: Start;
  closeAll(): Promise<void>;
}

async function openFor(
  ground: Ground,
  door: Door,
  { print, worker, start, closeAll }: Opening,
): Promise<RunningServer> {
  const { config, clock, log, keys, storage } = ground;
  const { writer, ledger, capShares } = await openBooks(storage, clock, { isWorker: worker !== undefined });
  const payloads = payloadsOf(config, ground);
  const mailer = mailerOf(ground);
  const accounts = accountsOf(ground, mailer);
  const { catalog, modelPrices } = await catalogOf(config, storage.db);
  const routing = await routingOf(storage.db, clock);
  const watching = watchingOf(ground, { mailer, onKeyChanged: (change) => plane.keyChanged(change) });
  const plane = createDataPlane(config, {
    catalog,
    clock,
    ...storedSources(ground),
    usage: usageSink(ledger),
    ...routing.sources,
    ledger: ledgerPort(ledger),
    capShares,
    payloads: payloads.sink,
    alerts: watching.sink,
    log,
  });
  const stored = new StoredProviders({ store: ground.providerKeys, connections: plane.connections, log });
  await stored.sync();
  const providers = () =>
    providerViews(plane.connections.present(), { hasSandbox: config.sandbox !== "off", idle: stored.idle() });
  const parts = { accounts, mailer, catalog, modelPrices, plane, payloads, stored, routing, watching, providers };
  const control = createControl(ground, { ...parts, ledger, start, isDraining: () => door.isDraining });
  plane.connections.start();
  const checkpoint = await auditOf(ground, worker);
  const notices = noticesFor(ground, mailer, watching);
  const jobs = startJobs({
    isLeader: leads(worker),
    states: start.jobs,
    keys,
    onKeyChanged: (change) => plane.keyChanged(change),
    mailer,
    closeDays: () => closeDays(storage.db, clock.nowMs()),
    prune: () => prune(ground, [accounts, payloads, notices, watching]),
    ...notices.jobs,
    watching,
    syncProviders: () => stored.sync().then(modelPrices.sync),
    syncRouting: routing.sync,
    ledger: ledgerCare(ledger, storage),
    tendCaps: capCare(plane, capShares),
    auditCheckpoint: checkpoint,
    prices: pricesFor(config, catalog, clock),
    clock,
    log,
  });
  door.open(plane, control);
  void plane.connections.firstRound.then(() => providerLines(providers()).map(print));
  await printSetup(config, accounts, print);
  return {
    url: urlOfListener(config.host, config.port),
    routes: [...plane.routes(), ...control.routes().map(({ method, path }) => ({ method, path }))],
    stop: async ({ lastCallMs = 0 } = {}) => {
      await door.lastCall(lastCallMs);
      await drain(ground, door, plane);
      plane.connections.stop();
      await jobs.stop();
      await settle({ writer, ledger, capShares, mailer, accounts, watching });
      await checkpoint().catch((error) => log.warn("job.failed", { operation: "audit-checkpoint", error }));
      await closeAll();
    },
  };
}

function startOf(ground: Ground, { worker, loaded }: Pick<ServeOptions, "worker" | "loaded">): Start {
  const { clock, storage, config } = ground;
  const processNumber = worker?.number ?? 1;
  const jobs = createSharedJobs({ db: storage.db, clock }, { number: processNumber, of: config.workers });
  return { loaded, processNumber, jobs, startedAtMs: clock.nowMs() };
}

/** Whether this process does what is to be done once for the whole instance. */
function leads(worker: WorkerRole | undefined): boolean {
  return worker === undefined || worker.number === 1;
}

/** Writes down what changed in the settings; returns what makes a checkpoint. */
async function auditOf(ground: Ground, worker: WorkerRole | undefined): Promise<() => Promise<void>> {
  if (!leads(worker)) return async () => {};
  await recordSettings(ground);
  return auditCheckpoint(ground);
}

/** Waits for the answers that are under way; those that take too long are told so, and their records are waited for. */
async function drain({ config, log }: Ground, door: Door, plane: DataPlane): Promise<void> {
  await door.drain(() => plane.busy, config.drainSeconds * 1000);
  if (plane.busy === 0) return;
  log.warn("stop.ended_answers", { count: plane.busy });
  plane.end();
  await door.drain(() => plane.busy, SETTLE_LIMIT_MS);
}

/** What the data plane reads from the database, and the figures behind charges, which it keeps there. */
function storedSources({ keys, storage, clock }: Ground) {
  const priceVersions = createPriceVersionStore(storage.db);
  return {
    keySource: { findByHash: async (hash: string) => mapped(await keys.findByHash(hash), keyRecordOf) },
    prices: { keep: (version: string, rates: string) => priceVersions.keep(version, rates, clock.nowMs()) },
  };
}

async function catalogOf({ models }: Config, db: Db) {
  const catalog = new Catalog();
  catalog.setOverrides(models);
  return { catalog, modelPrices: await modelPricesOf(db, catalog) };
}

async function printSetup(config: Config, accounts: Accounts, print: (line: string) => void): Promise<void> {
  const token = await accounts.setup.token();
  if (token !== null) print(`  Setup:     open ${config.baseUrl}/sign-up and enter the token ${token}`);
}

/** Drops what time has made worthless. */
async function prune(
  { config, storage, clock, log }: Ground,
  parts: readonly { prune(): Promise<void> }[],
): Promise<void> {
  for (const part of parts) await part.prune();
  pruneCopies(config.dataDir, clock.nowMs());
  await createAuthCodeStore(storage.db).prune(clock.nowMs());
  await pruneLedger(storage.db, clock.nowMs());
  const retention = { days: config.usageRetentionDays, maxBytes: config.usageMaxGigabytes * GIGABYTE };
  const dropped = await pruneUsage(storage, retention, clock.nowMs());
  if (dropped > 0) log.info("usage.dropped", { count: dropped });
}

async function settle(parts: {
  writer: UsageWriter;
  ledger: MoneyLedger;
  capShares: CapShares;
  mailer: Mailer;
  accounts: Accounts;
  watching: Watching;
}): Promise<void> {
  await parts.accounts.settled();
  await parts.watching.close();
  await parts.mailer.close();
  await parts.ledger.close();
  await parts.writer.close();
  await parts.capShares.end();
}

function mailerOf({ config, clock, log, mails }: Ground): Mailer {
  const onFailure = (fields: { reason: string; count: number }) => log.warn("mail.failed", fields);
  return createMailer({ store: mails, clock, smtpUrl: config.smtpUrl, from: config.mailFrom, onFailure });
}

function accountsOf({ config, clock, log, secret, storage, audit }: Ground, mailer: Mailer): Accounts {
  return createAccounts({
    storage,
    audit,
    clock,
    baseUrl: config.baseUrl,
    secret,
    signUp: config.signUp,
    singleSignOn: config.singleSignOn,
    isReachable: isReachable(config),
    sendsRealMail: mailer.sendsRealMail,
    mail: (to, locale, message) => mailer.send(to, locale, message),
    onNewDevice: async ({ userId, ipAddress }) => {
      log.info("account.new_device", { userId, reason: `a log-in from ${ipAddress}, in a browser that is new to it` });
    },
    onBackgroundFailure: (error) => log.error("account.background_failed", { error }),
  });
}

function createDataPlane(
  config: Config,
  deps: Pick<
    ConstructorParameters<typeof DataPlane>[0],
    | ("catalog" | "clock" | "keySource" | "usage" | "ledger" | "prices")
    | ("accountRouting" | "capShares" | "presets" | "payloads" | "alerts" | "log")
  >,
): DataPlane {
  return new DataPlane({
    ...deps,
    limits: { maxBytes: config.maxBodyBytes, maxDepth: config.maxJsonDepth },
    streamLimits: { readerLimitMs: config.slowReaderSeconds * 1000 },
    timeouts: config.timeouts,
    hedging: config.hedging,
    baseUrl: config.baseUrl,
    connections: connectionsOf(config),
    allowPrivate: privateUpstreams(config),
    sandbox: sandboxOf(config, deps.catalog),
    unpricedModels: config.unpricedModels,
    headers: securityHeaders(config.baseUrl),
  });
}

function mapped<From, To>(value: From | null, map: (value: From) => To): To | null {
  return value === null ? null : map(value);
}
