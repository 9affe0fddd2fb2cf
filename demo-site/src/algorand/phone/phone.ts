import { encodeAddress } from "algosdk";
import { find, say } from "../../dom.ts";
import { createSigningKey, findSigningKey, type SigningKey } from "../../signing-key.ts";
import { type ApprovalRequest, askApproval } from "../../wallet/approval.ts";
import { readConfig } from "../config.ts";
import { type Dapp, type DappSession, openSession, resumeSession, type SessionHandlers } from "./dapp-session.ts";
import { readRequest } from "./requests.ts";

const DATABASE = "gasless-demo-phone";
const WALLET = "Demo phone";

const status = find("phone-status", HTMLElement);
const form = find("connect-form", HTMLFormElement);
const field = find("link", HTMLTextAreaElement);
const config = readConfig();

async function openKey(): Promise<SigningKey> {
  const key = (await findSigningKey(DATABASE)) ?? (await createSigningKey(DATABASE));
  await key.keep();
  return key;
}

async function start(): Promise<void> {
  const { publicKey, sign } = await openKey();
  const address = encodeAddress(publicKey);
  find("address", HTMLElement).textContent = address;
  let session: DappSession | undefined;
  /** Ends questions of a session that is over. */
  let asking = new AbortController();

  const handlers: SessionHandlers = {
    onSilence: () =>
      say(status, "failed", "Nobody asks for a wallet at that link any more. Copy a new one from the page."),
    async askSession({ name, host }) {
      const lead = `${host} wants to see the address of this wallet. It asks again before anything is signed.`;
      return ask({ title: `Connect to ${name}`, lead, lines: [address] });
    },
    async answer(method, params, { host }) {
      const request = await readRequest(method, params, { address, sign, stamps: config.assetId, host });
      if (!(await ask(request))) throw new Error("User rejected");
      say(status, "done", "Signed. Go back to the page.");
      return request.answer();
    },
    onConnected(dapp) {
      show(dapp);
      say(status, "done", "Connected. Go back to the page.");
    },
    onEnded() {
      asking.abort();
      // Who said no has been told so.
      if (!find("session", HTMLElement).hidden) say(status, "idle", "Disconnected.");
      show(undefined);
    },
  };

  async function ask(request: Pick<ApprovalRequest, "title" | "lead" | "lines" | "isVerbatim">): Promise<boolean> {
    const { signal } = asking;
    say(status, "idle", "");
    try {
      await askApproval({ ...request, wallet: WALLET, signal });
      return true;
    } catch {
      if (!signal.aborted) say(status, "idle", "You said no.");
      return false;
    }
  }

  function connect(link: string): void {
    try {
      session?.end();
      asking.abort();
      asking = new AbortController();
      session = openSession(link, address, handlers);
      field.value = "";
      say(status, "busy", "Looking for the page…");
    } catch (error) {
      say(status, "failed", error instanceof Error ? error.message : "That did not work.");
    }
  }

  function takeFragment(): void {
    const link = decodeURIComponent(location.hash.slice(1));
    if (link === "") return;
    history.replaceState(undefined, "", location.pathname);
    connect(link);
  }

  session = resumeSession(handlers);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    connect(field.value);
  });
  find("paste", HTMLButtonElement).addEventListener("click", () => {
    navigator.clipboard.readText().then(connect, () => {
      field.focus();
      say(status, "idle", "This browser does not let the phone look. Paste the link into the field.");
    });
  });
  find("disconnect", HTMLButtonElement).addEventListener("click", () => session?.end());
  addEventListener("hashchange", takeFragment);
  takeFragment();
}

function show(dapp: Dapp | undefined): void {
  form.hidden = dapp !== undefined;
  find("session", HTMLElement).hidden = dapp === undefined;
  find("dapp-name", HTMLElement).textContent = dapp === undefined ? "" : `${dapp.name}, ${dapp.host}`;
}

start().catch((error: unknown) => say(status, "failed", error instanceof Error ? error.message : String(error)));
