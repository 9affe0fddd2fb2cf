import { describe, expect, test, vi } from "vitest";
import { ApiProblem } from "../api/problem.ts";
import { createForm } from "./form.ts";

type Host = Parameters<typeof createForm>[0];

/** An element as far as a form needs one. */
function scene(submit: (values: { name: string; limit: string }) => Promise<string>) {
  const focus = vi.fn();
  const host = { requestUpdate: vi.fn(), updateComplete: Promise.resolve(true), querySelector: () => ({ focus }) };
  const onDone = vi.fn();
  const form = createForm(host as unknown as Host, {
    initial: { name: "", limit: "5" },
    check: ({ name }) => (name === "" ? { name: "Give it a name." } : {}),
    submit,
    onDone,
  });
  return { form, focus, onDone };
}

const refuse = (errors: { pointer: string; detail: string }[]) => () =>
  Promise.reject(new ApiProblem({ status: 422, code: "request.invalid", detail: "No.", errors }));

describe("a form", () => {
  test("that is wrong is not sent: the first fault gets the focus", async () => {
    const submit = vi.fn(() => Promise.resolve(""));
    const { form, focus } = scene(submit);
    await form.submit();
    expect(submit).not.toHaveBeenCalled();
    expect(form.errorOf("name")).toBe("Give it a name.");
    expect(focus).toHaveBeenCalledOnce();
  });

  test("is sent once, however often it is pressed meanwhile", async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const submit = vi.fn(() => promise);
    const { form, onDone } = scene(submit);
    form.set("name", "Night bus");
    const first = form.submit();
    const second = form.submit();
    expect(form.isBusy).toBe(true);
    resolve("made");
    await Promise.all([first, second]);
    expect(submit).toHaveBeenCalledOnce();
    expect(onDone).toHaveBeenCalledExactlyOnceWith("made", true);
    expect(form.isBusy).toBe(false);
  });

  test("tells what the API refused at the field that its pointer names, until that is changed", async () => {
    const { form, onDone } = scene(refuse([{ pointer: "/limit", detail: "is too much" }]));
    form.set("name", "Night bus");
    await form.submit();
    expect(form.text("limit").error).toBe("is too much");
    expect(form.errorOf("/limit")).toBe("is too much");
    form.text("limit").onInput("4");
    expect(form.text("limit")).toMatchObject({ value: "4", error: undefined });
    expect(onDone).not.toHaveBeenCalled();
  });

  test("that was sent has not failed because what comes after it does", async () => {
    const { form, onDone, focus } = scene(() => Promise.resolve("made"));
    onDone.mockRejectedValue(
      new ApiProblem({ status: 503, code: "store.unavailable", detail: "Not now.", errors: [] }),
    );
    form.set("name", "Night bus");
    await form.submit();
    expect(onDone).toHaveBeenCalledOnce();
    expect([form.errorOf("name"), form.isBusy]).toEqual([undefined, false]);
    expect(focus).not.toHaveBeenCalled();
  });

  test("that was begun anew, as for something else, is neither done nor faulty by an earlier answer", async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const { form, onDone } = scene(vi.fn().mockReturnValueOnce(promise).mockResolvedValue("second"));
    form.set("name", "Night bus");
    const first = form.submit();
    form.reset({ name: "Day bus", limit: "1" });
    expect(form.isBusy).toBe(false);
    resolve("first");
    await first;
    expect(onDone).toHaveBeenLastCalledWith("first", false);
    await form.submit();
    expect(onDone).toHaveBeenLastCalledWith("second", true);

    const refused = scene(refuse([{ pointer: "/name", detail: "is taken" }]));
    refused.form.set("name", "Night bus");
    const third = refused.form.submit();
    refused.form.reset({ name: "Day bus", limit: "1" });
    await third;
    expect(refused.form.errorOf("name")).toBeUndefined();
    expect(refused.focus).not.toHaveBeenCalled();
  });

  test("knows whether anything was changed, and forgets it when it begins anew", () => {
    const { form } = scene(() => Promise.resolve(""));
    expect(form.isChanged).toBe(false);
    form.set("name", "Night bus");
    expect(form.isChanged).toBe(true);
    form.set("name", "");
    expect(form.isChanged).toBe(false);
    form.reset({ name: "Day bus", limit: "1" });
    expect([form.isChanged, form.values.name]).toEqual([false, "Day bus"]);
  });
});
