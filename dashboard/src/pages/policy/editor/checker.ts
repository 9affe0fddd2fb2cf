import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { PolicyCheck } from "../../../../../bff/src/contract/manage/policies.ts";
import { ApiProblem } from "../../../api/problem.ts";
import { faultsOf, type Finding, findingsOf } from "../model/findings.ts";
import { isSameDocument } from "../model/documents.ts";
import type { Json } from "../model/pointer.ts";

type Check = (document: Json, signal: AbortSignal) => Promise<PolicyCheck>;

const DELAY_MS = 350;

/** Has the document checked a moment after each change, and keeps what was found last. */
export class Checker implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #check: Check;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #abort: AbortController | undefined;
  findings: readonly Finding[] = [];
  /** After the fix of every finding; undefined where it says the same, or could not be read. */
  mended: Json | undefined;
  currentVersion: number | null | undefined;
  isRunning = false;
  /** Something has been checked since the beginning. */
  hasAnswer = false;
  /** The check itself did not work. */
  problem: unknown;

  constructor(host: ReactiveControllerHost, check: Check) {
    this.#host = host;
    this.#check = check;
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
  }

  /** Checks this document soon; what was asked before no longer matters. */
  request(document: Json, delayMs = DELAY_MS): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.isRunning = true;
    this.#timer = setTimeout(() => void this.#run(document), delayMs);
  }

  async #run(document: Json): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const answer = await this.#check(document, abort.signal);
      if (abort.signal.aborted) return;
      this.findings = findingsOf(answer);
      this.mended = isSameDocument(answer.mended, answer.document) ? undefined : answer.mended;
      this.currentVersion = answer.currentVersion;
      this.problem = undefined;
    } catch (thrown) {
      if (abort.signal.aborted) return;
      this.mended = undefined;
      const isAnswer = thrown instanceof ApiProblem && thrown.errors.length > 0;
      this.findings = isAnswer ? faultsOf(thrown) : [];
      this.problem = isAnswer ? undefined : thrown;
    }
    this.isRunning = false;
    this.hasAnswer = true;
    this.#host.requestUpdate();
  }
}
