import { randomUUID } from "node:crypto";
import { changing, type By, type Control } from "../context";
import { begin, finish, mappingsOf, type Begun, type Finished, type From } from "../oidc/sign-in";
import type { RoleMapping } from "../oidc/rights";
import { ControlRefusal } from "../refusal";

/** Most mappings there may be. */
const MOST = 1_000;

function titleOf({ claim, value, role }: Omit<RoleMapping, "id">): string {
  return `mapping ${claim}=${value} ${role}`;
}

/** Sign-in by the site's own issuer, and which of its claims give which role. */
export const oidcMethods = {
  /** What pages call the issuer; null where there is none. */
  issuerTitle: ({ issuer }: Control, _nothing: object): Promise<string | null> =>
    Promise.resolve(issuer?.title ?? null),

  /** @throws ControlRefusal `unknown` where there is no issuer */
  oidcBegin: (control: Control, asked: { redirectUri: string; to: string }): Promise<Begun> =>
    begin(control, issuerOf(control), asked),

  /** @throws ControlRefusal `unknown` where there is no issuer */
  oidcFinish: (control: Control, came: From & { secret: string; query: string }): Promise<Finished> =>
    finish(control, issuerOf(control), came),

  roleMappings: (control: Control, _nothing: object): Promise<RoleMapping[]> => mappingsOf(control),

  /** Holds from the next sign-in on. @throws ControlRefusal */
  async addRoleMapping(
    control: Control,
    { by, mapping }: { by: By; mapping: Omit<RoleMapping, "id"> },
  ): Promise<RoleMapping> {
    const known = await mappingsOf(control);
    const text = (one: Omit<RoleMapping, "id">): string => JSON.stringify([one.claim, one.value, one.role, one.scopes]);
    if (known.some((one) => text(one) === text(mapping)))
      throw new ControlRefusal("taken", "there is this mapping already", "value");
    if (known.length >= MOST) throw new ControlRefusal("refused", `there are ${MOST} mappings already`);
    const made = { ...mapping, id: randomUUID() };
    const scopes = JSON.stringify(mapping.scopes);
    await changing(control, async ({ step, audit }) => {
      await step
        .insertInto("role_mapping")
        .values({ ...made, scopes })
        .execute();
      await audit(by, { action: "mapping.add", object: titleOf(mapping), detail: { scopes } });
    });
    return made;
  },

  /** Takes a mapping away. Whoever the issuer signed in has to come again: what he has may have been by it. @throws ControlRefusal */
  async removeRoleMapping(control: Control, { by, id }: { by: By; id: string }): Promise<void> {
    const mapping = (await mappingsOf(control)).find((one) => one.id === id);
    if (!mapping) throw new ControlRefusal("unknown", "there is no such mapping", "id");
    await changing(control, async ({ step, audit }) => {
      await step.deleteFrom("role_mapping").where("id", "=", id).execute();
      await step.deleteFrom("session").where("method", "=", "oidc").execute();
      await audit(by, { action: "mapping.remove", object: titleOf(mapping) });
    });
  },
};

function issuerOf({ issuer }: Control) {
  if (!issuer) throw new ControlRefusal("unknown", "there is no issuer of identities");
  return issuer;
}
