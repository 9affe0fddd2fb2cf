import { type FakeHandlers, FakeProblem } from "../fake-api.ts";
import type { FakeOptions } from "./world.ts";

export function originsFake({ state }: FakeOptions): FakeHandlers {
  const origins = new Set(
    state === "empty" ? [] : ["https://tickets.example", "https://xn--bcher-kva.example", "http://localhost:3000"],
  );
  return {
    listOrigins: () => ({ data: [...origins].map((origin) => ({ origin })) }),
    addOrigin: ({ body }) => {
      const url = URL.parse(body.origin);
      if (!url || body.origin.includes("blocked")) {
        throw new FakeProblem(422, "request.invalid", "The request does not fit its schema.", [
          { pointer: "/origin", detail: "No browser sends an origin like this." },
        ]);
      }
      origins.add(url.origin);
      return { origin: url.origin };
    },
    removeOrigin: ({ params }) => void origins.delete(params.origin),
  };
}
