import type { MANAGE_ROUTES, ManageOperation } from "../../../bff/src/contract/manage/routes.ts";

type Routes = typeof MANAGE_ROUTES;
interface Schema {
  readonly _zod: { readonly input: unknown; readonly output: unknown };
}
type InputOf<S> = S extends Schema ? S["_zod"]["input"] : never;
type OutputOf<S> = S extends Schema ? S["_zod"]["output"] : never;

type QueryOf<O extends ManageOperation> = Routes[O] extends { readonly query: infer S } ? InputOf<S> : undefined;
export type BodyOf<O extends ManageOperation> = Routes[O] extends { readonly body: infer S } ? InputOf<S> : undefined;
export type ParamsOf<O extends ManageOperation> = { readonly [K in keyof Routes[O]["params"]]: string };

/** What a call gives: the contract's answer, or nothing where that is empty. */
export type AnswerOf<O extends ManageOperation> = Routes[O]["answer"] extends { readonly schema: infer S }
  ? OutputOf<S>
  : undefined;

// A part that the contract does not have need not be given, and cannot be.
type Part<Name extends string, Value> = [Value] extends [undefined]
  ? unknown
  : object extends Value
    ? { readonly [K in Name]?: Value }
    : { readonly [K in Name]: Value };

export type CallOf<O extends ManageOperation> = Part<"params", ParamsOf<O>> &
  Part<"query", QueryOf<O>> &
  Part<"body", BodyOf<O>> & { readonly signal?: AbortSignal | undefined };

export type { ManageOperation };
