import type { RelayRequest } from "../../contract/index.ts";
import type { Project } from "../../domain/project.ts";
import type { AppError } from "../../errors.ts";
import type { RefusalStatus } from "../../domain/reservation.ts";
import type { AccessClaims } from "../../domain/session.ts";

/** What somebody wants to have sponsored. */
export interface RelayIntent {
  readonly requestId: string;
  readonly project: Project;
  readonly claims: AccessClaims;
  readonly idempotencyKey: string;
  readonly body: RelayRequest;
  /** The answer that a refusal gets, so that the same key can be given it again. */
  readonly render: (error: AppError) => string;
}

export interface RelayAnswer {
  readonly status: 202 | RefusalStatus;
  /** JSON text. */
  readonly body: string;
  readonly isReplay: boolean;
}
