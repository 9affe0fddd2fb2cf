import * as z from "zod";
import { NetworkName, ProjectId, SignInMethod } from "./values.ts";

export const ProjectConfig = z
  .object({
    project: z.object({ id: ProjectId, name: z.string(), environment: z.enum(["test", "live"]) }),
    networks: z.array(z.object({ network: NetworkName, sponsorAddress: z.string(), explorer: z.string().nullable() })),
    signInMethods: z.array(SignInMethod),
    theme: z.record(z.string(), z.string()),
    locale: z.string(),
  })
  .meta({ id: "ProjectConfig", description: "What a page needs to know of its project" });
export type ProjectConfig = z.infer<typeof ProjectConfig>;
