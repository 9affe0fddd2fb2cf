import type { Adapter } from "@solana/wallet-adapter-base";
import { type CallApi, createApi } from "./api/client.ts";
import { createServerClock } from "./api/clock.ts";
import type { ProjectConfig, Relay } from "./api/types.ts";
import { GaslessError } from "./errors.ts";
import { type ChallengeKeeper, createChallengeKeeper } from "./session/challenges.ts";
import { createSessionKeeper, type SessionKeeper } from "./session/session.ts";
import { addressOf, INITIAL_STATE, type State } from "./state.ts";
import { listAdapters, watchWallets, withoutDoubles } from "./wallets/discover.ts";
import { connectSilently } from "./wallets/silent.ts";
import type { WalletDriver, WalletOption } from "./wallets/types.ts";

export interface Settings {
  readonly project: string;
  readonly api: string;
  /** Absent: the project's first one. */
  readonly network: string | null;
  readonly adapters: readonly Adapter[];
}

/** What the element hears of. */
export interface CoreListener {
  onChange(state: State, before: State): void;
  onRelay(relay: Relay): void;
  onEnd(reason: "signed-out" | "ended"): void;
}

/** The widget without its looks: one state, and everything that changes it. */
export interface Core {
  readonly settings: Settings;
  readonly callApi: CallApi;
  readonly session: SessionKeeper;
  readonly challenges: ChallengeKeeper;
  readonly state: State;
  /**
   * Where transactions of a family land: on the network that the page names, or the session's, or the project's first.
   * @throws project.network_not_enabled
   */
  resolveNetwork(family?: string): Promise<string>;
  update(patch: Partial<State>): void;
  /** Told after every change; gives how to stop. */
  subscribe(listener: () => void): () => void;
  readConfig(): Promise<ProjectConfig>;
  /** Lists a wallet that neither announces itself nor comes with the page. */
  offer(option: WalletOption): void;
  /** Back to where things stand when nothing is under way: a session outlives an attempt to open another one. */
  rest(patch?: Partial<State>): void;
  /** Follows a wallet's accounts from now on. */
  follow(driver: WalletDriver): void;
  /**
   * The session's wallet, showing the session's account; `prompt` asks for it when the wallet does not by itself.
   * @throws wallet.not_found, wallet.account_changed
   */
  requireDriver(prompt: (driver: WalletDriver) => Promise<readonly string[]>): Promise<WalletDriver>;
  reportRelay(relay: Relay): void;
  stop(): void;
}

const LATE_WALLET_MS = 3_000;

export function createCore(settings: Settings, listener: CoreListener): Core {
  let state = INITIAL_STATE;
  const subscribers = new Set<() => void>();
  let unfollow: () => void = () => undefined;
  let config: Promise<ProjectConfig> | undefined;
  const { adapters } = settings;
  let offered: readonly WalletOption[] = [];
  /** The one that was asked for last. */
  let network = settings.network;
  const clock = createServerClock();
  const callApi = createApi(() => settings, clock);
  const challenges = createChallengeKeeper(callApi, resolveNetwork);

  function update(patch: Partial<State>): void {
    const before = state;
    state = { ...state, ...patch };
    listener.onChange(state, before);
    for (const tell of subscribers) tell();
  }

  function list(): void {
    update({ wallets: withoutDoubles([...standard.list(() => network), ...listAdapters(adapters), ...offered]) });
    void reconnect();
  }

  const standard = watchWallets(list);
  for (const adapter of adapters) adapter.on("readyStateChange", list);

  const session = createSessionKeeper(callApi, clock, `${settings.api} ${settings.project}`, {
    onOpen({ session: opened, walletName }) {
      const patch = {
        session: opened,
        address: addressOf(opened),
        walletName,
        sessionWalletName: walletName,
        otherAddress: null,
        error: null,
      };
      update({ ...patch, status: "signed-in" });
      void reconnect();
    },
    onEnd(reason) {
      update({
        session: null,
        otherAddress: null,
        sessionWalletName: null,
        status: reason === "ended" ? "ended" : "disconnected",
        ...(reason === "signed-out" && { address: null, walletName: null, driver: null }),
      });
      if (reason === "signed-out") unfollow();
      listener.onEnd(reason);
    },
  });

  /** After a reload: the wallet that is signed in is listened to again, as soon as it is there. Never prompts. */
  async function reconnect(): Promise<void> {
    if (state.session !== null && state.driver === null) await findDriver().catch(() => undefined);
  }

  async function findDriver(prompt?: (driver: WalletDriver) => Promise<readonly string[]>): Promise<WalletDriver> {
    const option = state.wallets.find(({ name }) => name === state.sessionWalletName);
    if (!option) throw new GaslessError("wallet.not_found", `${state.sessionWalletName} is not on this page.`);
    const driver = await option.open();
    const silent = await connectSilently(driver);
    const accounts = silent.length === 0 && prompt ? await prompt(driver) : silent;
    if (accounts.length === 0) return driver;
    follow(driver);
    see(accounts);
    return driver;
  }

  function see(accounts: readonly string[]): void {
    const { session: open, address } = state;
    if (open === null) {
      const [first = null] = accounts;
      if (state.status === "connected" && first !== address)
        update({ address: first, ...(first === null && { status: "disconnected" }) });
      return;
    }
    const own = addressOf(open);
    const other = accounts.includes(own) ? null : (accounts[0] ?? null);
    if (other !== state.otherAddress) update({ otherAddress: other });
  }

  function follow(driver: WalletDriver): void {
    if (state.driver === driver) return;
    unfollow();
    unfollow = driver.onAccountsChanged(see);
    update({ driver });
  }

  function readConfig(): Promise<ProjectConfig> {
    config ??= callApi<ProjectConfig>("GET", "/v1/config").catch((error: unknown) => {
      config = undefined;
      throw error;
    });
    return config;
  }

  async function resolveNetwork(family = "solana"): Promise<string> {
    const isOurs = (name?: string | null) => name?.startsWith(`${family}:`);
    const found =
      [settings.network, state.session?.network].find(isOurs) ??
      (await readConfig()).networks.map((each) => each.network).find(isOurs);
    if (!found) throw new GaslessError("project.network_not_enabled", `The project has no ${family} network.`);
    return (network = found);
  }

  async function waitForWallet(): Promise<void> {
    const isHere = () => state.wallets.some(({ name }) => name === state.sessionWalletName);
    const untilMs = performance.now() + LATE_WALLET_MS;
    while (!isHere() && performance.now() < untilMs) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  // Wallets that are there already are listed at once.
  list();
  return {
    settings,
    callApi,
    session,
    get state() {
      return state;
    },
    update,
    subscribe(tell) {
      subscribers.add(tell);
      return () => subscribers.delete(tell);
    },
    readConfig,
    resolveNetwork,
    challenges,
    offer(option) {
      offered = [option];
      list();
    },
    rest(patch = {}) {
      const { session: open, sessionWalletName, driver, address } = state;
      if (open === null) {
        update({ status: driver && address ? "connected" : "disconnected", ...patch });
        return;
      }
      const isOwn = driver?.name === sessionWalletName;
      if (!isOwn) unfollow();
      update({
        status: "signed-in",
        address: addressOf(open),
        walletName: sessionWalletName,
        ...(!isOwn && { driver: null }),
        ...patch,
      });
      void reconnect();
    },
    follow,
    async requireDriver(prompt) {
      await waitForWallet();
      const driver = await findDriver(prompt);
      if (state.otherAddress !== null) {
        throw new GaslessError(
          "wallet.account_changed",
          `${driver.name} shows another account than the one signed in.`,
        );
      }
      return driver;
    },
    reportRelay: (relay) => listener.onRelay(relay),
    stop() {
      unfollow();
      standard.stop();
      for (const adapter of adapters) adapter.off("readyStateChange", list);
      session.stop();
      subscribers.clear();
    },
  };
}
