import type { AnswerOf } from "../../api/types.ts";

/** What a new project has so far; undefined: this person may not know. */
export interface SetUp {
  readonly networks: AnswerOf<"listNetworks">["data"];
  readonly origins: number;
  readonly publishableKeys: number | undefined;
  /** Somebody has signed in on a page of it. */
  readonly hasUsers: boolean;
}

export interface Step {
  readonly title: string;
  readonly body: string;
  readonly isDone: boolean;
  /** A page of the project. */
  readonly page: string;
  readonly action: string;
}

/** What is left to do until the first transaction is paid for, in the order in which it is easiest. */
export function stepsOf({ networks, origins, publishableKeys, hasUsers }: SetUp): readonly Step[] {
  const isPaidFor = networks.some(({ sponsors }) => sponsors > 0);
  return [
    networks.length === 0 || isPaidFor
      ? {
          title: "Choose a network",
          body: "On which chain transactions are paid for. Each has a policy, sponsors and budgets of its own.",
          isDone: isPaidFor,
          page: "networks",
          action: "Add a network",
        }
      : {
          title: "Choose who pays",
          body: "There is a network, and nobody pays on it yet: a sponsor is the funded address that does.",
          isDone: false,
          page: "sponsors",
          action: "Choose a sponsor",
        },
    {
      title: "Let your page in",
      body: "Only pages of the origins you name can use the project, such as http://localhost:3000.",
      isDone: origins > 0,
      page: "origins",
      action: "Add an origin",
    },
    {
      title: "Make a publishable key",
      body: "It names the project on your page. It is no secret: the origin and the policy protect you.",
      isDone: (publishableKeys ?? 0) > 0,
      page: "keys",
      action: "Make a key",
    },
    {
      title: "Publish a policy",
      body: "Nothing is paid for until a policy says what. Templates cover the usual cases.",
      isDone: networks.some(({ policyVersion }) => policyVersion !== null),
      page: "policy",
      action: "Write a policy",
    },
    {
      title: "Put the widget on your page",
      body: "One script tag and one element. The page with your keys has both, ready to be copied.",
      isDone: hasUsers,
      page: "keys",
      action: "Copy the tag",
    },
    {
      title: "Have a first transaction paid for",
      body: "Sign in on your page and send something. What is refused is explained, rule by rule.",
      isDone: false,
      page: "decisions",
      action: "Watch the decisions",
    },
  ];
}
