export interface Alias {
  readonly alias_label: string;
  readonly alias_name: string;
}

/** What a user may be reached at; several users may have the same address. */
export type Contact = { readonly email: string } | { readonly phone: string };

/** What a call may know a user by. */
export type Name = { readonly external_id: string } | Alias | Contact;

/** What clients may ask for, one object or entry a call. */
export type Call =
  | { readonly kind: 'track'; readonly by: Name; readonly event: string; readonly sets?: Contact | undefined }
  | { readonly kind: 'alias_new'; readonly alias: Alias; readonly external_id?: string | undefined }
  | { readonly kind: 'alias_update'; readonly alias: Alias; readonly to: string }
  | { readonly kind: 'identify'; readonly who: Alias | Contact; readonly external_id: string }
  | { readonly kind: 'merge'; readonly from: Name; readonly into: Name }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'remove'; readonly external_id: string }
  | { readonly kind: 'delete'; readonly who: Name };

/** A user as far as the model goes. `counter` is a custom attribute that each track call increments. */
export interface ModelUser {
  readonly external_ids: readonly string[];
  /** Name by label. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly email?: string;
  readonly phone?: string;
  readonly counter?: number;
  /** Count by event name. */
  readonly events: Readonly<Record<string, number>>;
}

export type Model = readonly ModelUser[];

/** What a call leaves behind, and whether it was refused where its answer tells. */
export interface Applied {
  readonly model: Model;
  readonly refused: boolean;
  /** Who was deleted. */
  readonly gone?: ModelUser | undefined;
}

const has = (user: ModelUser, name: Name): boolean => {
  if ('external_id' in name) return user.external_ids.includes(name.external_id);
  if ('email' in name) return user.email === name.email;
  if ('phone' in name) return user.phone === name.phone;
  return user.aliases[name.alias_label] === name.alias_name;
};

export const isContact = (name: Name): name is Contact => 'email' in name || 'phone' in name;

/** One user at the most, but for a contact. */
const ownersOf = (model: Model, name: Name): readonly ModelUser[] => model.filter((user) => has(user, name));

const ownerOf = (model: Model, name: { readonly external_id: string } | Alias): ModelUser | undefined =>
  ownersOf(model, name)[0];

/** Whom a name may mean: of the users with one address any, since the model does not tell who was updated last. */
const candidates = (model: Model, name: Name): readonly (ModelUser | undefined)[] => {
  const owners = ownersOf(model, name);
  return owners.length === 0 ? [undefined] : owners;
};

const replaced = (model: Model, user: ModelUser, by: ModelUser | undefined): Model =>
  model.flatMap((each) => (each === user ? (by ? [by] : []) : [each]));

const withAlias = (user: ModelUser, { alias_label, alias_name }: Alias): ModelUser => ({
  ...user,
  aliases: { ...user.aliases, [alias_label]: alias_name },
});

const created = (name: Name): ModelUser => {
  const nobody: ModelUser = { external_ids: [], aliases: {}, events: {} };
  if ('external_id' in name) return { ...nobody, external_ids: [name.external_id] };
  return 'alias_label' in name ? withAlias(nobody, name) : { ...nobody, ...name };
};

const contactsOf = ({ email, phone }: ModelUser): Pick<ModelUser, 'email' | 'phone'> => ({
  ...(email !== undefined && { email }),
  ...(phone !== undefined && { phone }),
});

/** User-data API §12.5. */
const merged = (model: Model, from: ModelUser, into: ModelUser): Model => {
  const events: Record<string, number> = { ...into.events };
  for (const [name, count] of Object.entries(from.events)) events[name] = (events[name] ?? 0) + count;
  const counter = into.counter ?? from.counter;
  const survivor: ModelUser = {
    ...contactsOf(from),
    ...contactsOf(into),
    external_ids: into.external_ids,
    aliases: { ...from.aliases, ...into.aliases },
    events,
    ...(counter !== undefined && { counter }),
  };
  return replaced(replaced(model, from, undefined), into, survivor);
};

/**
 * One call after the other: what the API promises (user-data API §11, §12), any of several outcomes where it leaves them open.
 * `gone` are those whom other calls in flight deleted: a deletion by an address may have found one of them as well, and then
 * nobody else is erased in its place.
 */
export const apply = (model: Model, call: Call, gone: readonly ModelUser[]): readonly Applied[] => {
  const done = (next: Model): readonly Applied[] => [{ model: next, refused: false }];
  const refused: readonly Applied[] = [{ model, refused: true }];
  switch (call.kind) {
    case 'track':
      return trackCandidates(model, call.by).flatMap((known) => {
        const user = known ?? created(call.by);
        const tracked: ModelUser = {
          ...user,
          ...call.sets,
          counter: (user.counter ?? 0) + 1,
          events: { ...user.events, [call.event]: (user.events[call.event] ?? 0) + 1 },
        };
        return done(known ? replaced(model, known, tracked) : [...model, tracked]);
      });
    case 'alias_new': {
      const { alias, external_id } = call;
      if (ownerOf(model, alias)) return done(model);
      if (external_id === undefined) return done([...model, created(alias)]);
      const user = ownerOf(model, { external_id });
      if (!user || user.aliases[alias.alias_label] !== undefined) return done(model);
      return done(replaced(model, user, withAlias(user, alias)));
    }
    case 'alias_update': {
      const to = { ...call.alias, alias_name: call.to };
      const user = ownerOf(model, call.alias);
      return done(user && !ownerOf(model, to) ? replaced(model, user, withAlias(user, to)) : model);
    }
    case 'identify': {
      const { who, external_id } = call;
      const unidentified = model.filter((user) => user.external_ids.length === 0);
      return candidates(unidentified, who).flatMap((user) => {
        if (!user) return done(model);
        const target = ownerOf(model, { external_id });
        if (!target) return done(replaced(model, user, { ...user, external_ids: [external_id] }));
        const isLabelTaken = 'alias_label' in who && target.aliases[who.alias_label] !== undefined;
        return done(isLabelTaken ? model : merged(model, user, target));
      });
    }
    case 'merge':
      return candidates(model, call.from).flatMap((from) =>
        candidates(model, call.into).flatMap((into) =>
          done(from && into && from !== into ? merged(model, from, into) : model),
        ),
      );
    case 'rename': {
      const user = ownerOf(model, { external_id: call.from });
      if (user?.external_ids.at(-1) !== call.from || ownerOf(model, { external_id: call.to })) return refused;
      return done(replaced(model, user, { ...user, external_ids: [...user.external_ids, call.to] }));
    }
    case 'remove': {
      const { external_id } = call;
      const user = ownerOf(model, { external_id });
      if (!user || user.external_ids.at(-1) === external_id) return refused;
      const external_ids = user.external_ids.filter((id) => id !== external_id);
      return done(replaced(model, user, { ...user, external_ids }));
    }
    case 'delete': {
      const { who } = call;
      const found = candidates(model, who).map((user): Applied => ({
        model: user ? replaced(model, user, undefined) : model,
        refused: false,
        gone: user,
      }));
      const isLate = isContact(who) && ownersOf(gone, who).length > 0;
      return isLate ? [...found, ...done(model)] : found;
    }
  }
};

/** A write by an address goes to somebody with an external id, where one has it (user-data API §11.3). */
const trackCandidates = (model: Model, by: Name): readonly (ModelUser | undefined)[] => {
  const found = candidates(model, by);
  const identified = found.filter((user) => user && user.external_ids.length > 0);
  return identified.length > 0 ? identified : found;
};

const sorted = <Value>(record: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** The text of a state: equal for states that no client can tell apart. */
export const printed = (model: Model): string =>
  JSON.stringify(
    model
      .map(({ aliases, events, ...user }) =>
        JSON.stringify({ ...sorted(user), aliases: sorted(aliases), events: sorted(events) }),
      )
      .toSorted(),
  );

/**
 * Every state that some order of calls leads to, by its text together with the answers that go with it. The same call sent
 * twice at once may be told twice that it was done.
 */
export const reachable = (model: Model, calls: readonly Call[]): ReadonlyMap<string, Model> => {
  const found = new Map<string, Model>();
  const visit = (
    at: Model,
    left: readonly number[],
    refused: readonly number[],
    gone: readonly ModelUser[],
  ): void => {
    if (left.length === 0) {
      found.set(outcomeText(at, calls, refused), at);
      return;
    }
    for (const index of left) {
      const others = left.filter((other) => other !== index);
      for (const next of apply(at, calls[index]!, gone))
        visit(
          next.model,
          others,
          next.refused ? [...refused, index] : refused,
          next.gone ? [...gone, next.gone] : gone,
        );
    }
  };
  visit(model, [...calls.keys()], [], []);
  return found;
};

/** A state, and which of the calls that led to it were refused. */
export const outcomeText = (model: Model, calls: readonly Call[], refused: readonly number[]): string => {
  const texts = calls.map((call) => JSON.stringify(call));
  const only = refused.filter((index) => texts.indexOf(texts[index]!) === texts.lastIndexOf(texts[index]!));
  return `${printed(model)} refused: ${only.toSorted((a, b) => a - b).join(',')}`;
};
