/** A name of a user: an external id, or an alias. */
export type Name =
  { readonly external_id: string } | { readonly alias_label: string; readonly alias_name: string };

export type Alias = Extract<Name, { alias_label: string }>;

/** What clients may ask for, one object or entry a call. */
export type Call =
  | { readonly kind: 'track'; readonly by: Name; readonly event: string }
  | { readonly kind: 'alias_new'; readonly alias: Alias; readonly external_id?: string | undefined }
  | { readonly kind: 'alias_update'; readonly alias: Alias; readonly to: string }
  | { readonly kind: 'identify'; readonly alias: Alias; readonly external_id: string }
  | { readonly kind: 'merge'; readonly from: Name; readonly into: Name }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'remove'; readonly external_id: string }
  | { readonly kind: 'delete'; readonly who: Name };

/** A user as far as the model goes. `counter` is a custom attribute that each track call increments. */
export interface ModelUser {
  readonly external_ids: readonly string[];
  /** Name by label. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly counter?: number;
  /** Count by event name. */
  readonly events: Readonly<Record<string, number>>;
}

export type Model = readonly ModelUser[];

/** What a call leaves behind, and whether it was refused where its answer tells. */
export interface Applied {
  readonly model: Model;
  readonly refused: boolean;
}

const has = (user: ModelUser, name: Name): boolean =>
  'external_id' in name
    ? user.external_ids.includes(name.external_id)
    : user.aliases[name.alias_label] === name.alias_name;

const ownerOf = (model: Model, name: Name): ModelUser | undefined => model.find((user) => has(user, name));

const replaced = (model: Model, user: ModelUser, by: ModelUser | undefined): Model =>
  model.flatMap((each) => (each === user ? (by ? [by] : []) : [each]));

const withAlias = (user: ModelUser, { alias_label, alias_name }: Alias): ModelUser => ({
  ...user,
  aliases: { ...user.aliases, [alias_label]: alias_name },
});

const created = (name: Name): ModelUser => {
  const nobody: ModelUser = { external_ids: [], aliases: {}, events: {} };
  return 'external_id' in name ? { ...nobody, external_ids: [name.external_id] } : withAlias(nobody, name);
};

/** User-data API §12.5. */
const merged = (model: Model, from: ModelUser, into: ModelUser): Model => {
  const events: Record<string, number> = { ...into.events };
  for (const [name, count] of Object.entries(from.events)) events[name] = (events[name] ?? 0) + count;
  const counter = into.counter ?? from.counter;
  const survivor: ModelUser = {
    external_ids: into.external_ids,
    aliases: { ...from.aliases, ...into.aliases },
    events,
    ...(counter !== undefined && { counter }),
  };
  return replaced(replaced(model, from, undefined), into, survivor);
};

/**
 * One call after the other: what the API promises (user-data API §11, §12). `begun` is the state that all calls in flight began
 * at: whether a user has an alias under a label may be looked at by then, right before a merge and not with it.
 */
export const apply = (model: Model, call: Call, begun: Model): readonly Applied[] => {
  const done = (...next: readonly Model[]): readonly Applied[] =>
    next.map((each) => ({ model: each, refused: false }));
  const refused: readonly Applied[] = [{ model, refused: true }];
  switch (call.kind) {
    case 'track': {
      const known = ownerOf(model, call.by);
      const user = known ?? created(call.by);
      const tracked: ModelUser = {
        ...user,
        counter: (user.counter ?? 0) + 1,
        events: { ...user.events, [call.event]: (user.events[call.event] ?? 0) + 1 },
      };
      return done(known ? replaced(model, known, tracked) : [...model, tracked]);
    }
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
      const { alias, external_id } = call;
      const user = ownerOf(model, alias);
      if (!user || user.external_ids.length > 0) return done(model);
      const target = ownerOf(model, { external_id });
      if (!target) return done(replaced(model, user, { ...user, external_ids: [external_id] }));
      const both = merged(model, user, target);
      if (target.aliases[alias.alias_label] === undefined) return done(both);
      const hadNone = ownerOf(begun, { external_id })?.aliases[alias.alias_label] === undefined;
      return hadNone ? done(model, both) : done(model);
    }
    case 'merge': {
      const [from, into] = [ownerOf(model, call.from), ownerOf(model, call.into)];
      return done(from && into && from !== into ? merged(model, from, into) : model);
    }
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
      const user = ownerOf(model, call.who);
      return done(user ? replaced(model, user, undefined) : model);
    }
  }
};

const sorted = <Value>(record: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** The text of a state: equal for states that no client can tell apart. */
export const printed = (model: Model): string =>
  JSON.stringify(
    model
      .map(({ external_ids, aliases, counter, events }) =>
        JSON.stringify({ external_ids, aliases: sorted(aliases), counter, events: sorted(events) }),
      )
      .toSorted(),
  );

/**
 * Every state that some order of calls leads to, by its text together with the answers that go with it. The same call sent
 * twice at once may be told twice that it was done.
 */
export const reachable = (model: Model, calls: readonly Call[]): ReadonlyMap<string, Model> => {
  const found = new Map<string, Model>();
  const visit = (at: Model, left: readonly number[], refused: readonly number[]): void => {
    if (left.length === 0) {
      found.set(outcomeText(at, calls, refused), at);
      return;
    }
    for (const index of left) {
      const others = left.filter((other) => other !== index);
      for (const next of apply(at, calls[index]!, model))
        visit(next.model, others, next.refused ? [...refused, index] : refused);
    }
  };
  visit(model, [...calls.keys()], []);
  return found;
};

/** A state, and which of the calls that led to it were refused. */
export const outcomeText = (model: Model, calls: readonly Call[], refused: readonly number[]): string => {
  const texts = calls.map((call) => JSON.stringify(call));
  const only = refused.filter((index) => texts.indexOf(texts[index]!) === texts.lastIndexOf(texts[index]!));
  return `${printed(model)} refused: ${only.toSorted((a, b) => a - b).join(',')}`;
};
