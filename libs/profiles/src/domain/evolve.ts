import type {
  AppendedEvent,
  AttributesUpdated,
  ClaimableIdentifier,
  CustomEventRecorded,
  Json,
  ProfileFields,
  PurchaseRecorded,
  UserCreated,
  UserEvent,
  UserMerged,
} from '@hearth/contracts';
import { roundedAmount } from './amounts.ts';
import { Copies } from './copies.ts';
import { updateCustomAttributes } from './custom-attributes.ts';
import { identifierAdded, identifierRemoved } from './identifiers.ts';
import { mergedWith } from './merging.ts';
import { counted } from './occurrences.ts';
import { isFullFor, own, put, withEntry } from './own-properties.ts';
import { unknownProfile, type ActiveProfile, type Profile } from './profile.ts';
import { tokensGained, tokensLost } from './push-tokens.ts';
import { noRejections, rejection, withRejections, type RecordedRejection } from './rejections.ts';
import { groupChanged, stateTimes } from './subscriptions.ts';

/** An event of a user's stream as the fold needs it; `revision` is its place in the stream. */
export interface ProfileEvent extends AppendedEvent {
  readonly revision: number;
}

type KnownEvent = UserEvent & ProfileEvent;

/** The newest shape of event data that this fold reads. */
const KNOWN_SCHEMA = 1;

/**
 * Changes when the same events fold to another profile than before, or to another form of it. Read models that were
 * folded by an older one are rebuilt.
 */
export const FOLD_VERSION = 6;

/**
 * The profile after one more event. Pure and total over what writers may append: events it does not know pass over it,
 * and what a rule or a limit forbids is recorded in `rejections`. Parts that do not change are shared with the input; those
 * that an earlier event of the same fold has copied are changed in place, where `copies` says which these are.
 */
export const evolve = (profile: Profile, event: ProfileEvent, copies?: Copies): Profile => {
  const known = event as KnownEvent;
  switch (known.type) {
    // A deletion holds in whatever shape it comes, and whatever stood before it.
    case 'UserDeleted':
      return profile.status === 'deleted' ? profile : { status: 'deleted', deleted_at: known.received_at };
    case 'MergedInto':
      return profile.status === 'deleted' || profile.status === 'merged' || isNewer(known)
        ? profile
        : { status: 'merged', merged_into: known.data.braze_id, merged_at: known.received_at };
    case 'UserCreated':
      return profile.status === 'unknown' && !isNewer(known) ? created(known, known.data) : profile;
    case 'IdentifierAdded':
    case 'IdentifierRemoved':
    case 'AttributesUpdated':
    case 'CustomEventRecorded':
    case 'PurchaseRecorded':
    case 'SubscriptionGroupChanged':
    case 'UserMerged':
    case 'MergeUndone':
      return profile.status === 'active' ? changed(profile, known, copies) : profile;
    case 'ProfileRestated':
      return profile.status === 'deleted' || isNewer(known)
        ? profile
        : (known.data.profile as unknown as ActiveProfile);
    default:
      return profile; // a newer version may have written events that this one does not know
  }
};

/**
 * The profile that a whole list of events adds up to. Merges that were taken back later in the list are passed over, which
 * is why a list that holds a `MergeUndone` has to begin where the stream does.
 */
export const fold = (events: Iterable<ProfileEvent>, from: Profile = unknownProfile): Profile => {
  const list = [...events];
  const undone = undoneRevisions(list);
  const copies = new Copies();
  let profile = from;
  for (const event of list) if (!undone.has(event.revision)) profile = evolve(profile, event, copies);
  return profile;
};

/** The revisions of the events that later ones of the list have undone. */
export const undoneRevisions = (events: Iterable<ProfileEvent>): ReadonlySet<number> => {
  const undone = new Set<number>();
  for (const event of events)
    if (undoesEarlier(event))
      undone.add((event as KnownEvent & { type: 'MergeUndone' }).data.undone_revision);
  return undone;
};

/** True for an event after which the stream has to be folded from its beginning. */
export const undoesEarlier = ({ type }: { readonly type: string }): boolean => type === 'MergeUndone';

const isNewer = (event: ProfileEvent): boolean => event.schema > KNOWN_SCHEMA;

const created = (event: ProfileEvent, { braze_id, identifier, random_bucket }: UserCreated): ActiveProfile =>
  identifierAdded<ActiveProfile>(
    {
      status: 'active',
      braze_id,
      created_at: event.received_at,
      updated_at: event.received_at,
      random_bucket,
      external_ids: [],
      user_aliases: [],
      fields: {},
      custom_attributes: {},
      custom_events: {},
      purchases: {},
      revenue: {},
      rejections: noRejections,
    },
    identifier,
  );

type ChangingEvent =
  | 'IdentifierAdded'
  | 'IdentifierRemoved'
  | 'AttributesUpdated'
  | 'CustomEventRecorded'
  | 'PurchaseRecorded'
  | 'SubscriptionGroupChanged'
  | 'UserMerged'
  | 'MergeUndone';

const changed = (
  profile: ActiveProfile,
  event: Extract<KnownEvent, { type: ChangingEvent }>,
  copies?: Copies,
): ActiveProfile => {
  if (isNewer(event)) return refused(profile, event, [rejection(event, 'newer_schema', event.type)]);
  switch (event.type) {
    case 'IdentifierAdded':
      return identifierAdded({ ...profile, updated_at: event.received_at }, event.data.identifier);
    case 'IdentifierRemoved':
      return withoutIdentifier(profile, event, event.data.identifier);
    case 'AttributesUpdated':
      return attributesUpdated(profile, event, event.data, copies);
    case 'CustomEventRecorded':
      return happened(profile, event, event.data, copies);
    case 'PurchaseRecorded':
      return purchased(profile, event, event.data, copies);
    case 'SubscriptionGroupChanged':
      return {
        ...profile,
        updated_at: event.received_at,
        subscription_groups: groupChanged(profile.subscription_groups, event.data, event.received_at),
      };
    case 'UserMerged':
      return joinedBy(profile, event, event.data);
    case 'MergeUndone':
      return { ...profile, updated_at: event.received_at };
  }
};

/** An operation that was refused says that the user does not have an identifier: that changes nothing where it never had. */
const withoutIdentifier = (
  profile: ActiveProfile,
  { received_at }: ProfileEvent,
  identifier: ClaimableIdentifier,
): ActiveProfile => {
  const without = identifierRemoved(profile, identifier);
  return without === profile ? profile : { ...without, updated_at: received_at };
};

const joinedBy = (
  profile: ActiveProfile,
  event: ProfileEvent,
  { contributed }: UserMerged,
): ActiveProfile => {
  const { profile: joined, overflows } = mergedWith(profile, contributed);
  return refused(
    joined,
    event,
    overflows.map((currency) => rejection(event, 'number_overflow', currency)),
  );
};

const refused = (
  profile: ActiveProfile,
  event: ProfileEvent,
  rejected: readonly RecordedRejection[],
): ActiveProfile => ({
  ...profile,
  updated_at: event.received_at,
  rejections: withRejections(profile.rejections, rejected),
});

const happened = (
  profile: ActiveProfile,
  event: ProfileEvent,
  { name, time }: CustomEventRecorded,
  copies?: Copies,
): ActiveProfile =>
  isFullFor(profile.custom_events, name)
    ? refused(profile, event, [rejection(event, 'too_many_names', name)])
    : {
        ...profile,
        updated_at: event.received_at,
        custom_events: counted(profile.custom_events, name, time, 1, copies),
      };

const attributesUpdated = (
  profile: ActiveProfile,
  event: ProfileEvent,
  data: AttributesUpdated,
  copies?: Copies,
): ActiveProfile => {
  const { attributes, rejected } = updateCustomAttributes(profile.custom_attributes, data, event, copies);
  const fields = data.fields === undefined ? profile.fields : fieldsUpdated(profile.fields, data.fields);
  const updated: ActiveProfile = {
    ...profile,
    updated_at: event.received_at,
    fields,
    custom_attributes: attributes,
    rejections: withRejections(withRejections(profile.rejections, droppedBy(data, event)), rejected),
  };
  const times =
    data.fields && stateTimes(profile.subscription_times, profile.fields, fields, event.received_at);
  const timed = times === undefined ? updated : { ...updated, subscription_times: times };
  return data.push_tokens === undefined && data.lost_push_tokens === undefined
    ? timed
    : withTokens(timed, data);
};

const withTokens = (
  { push_tokens: held, ...profile }: ActiveProfile,
  { push_tokens: sent, lost_push_tokens: lost = [] }: AttributesUpdated,
): ActiveProfile => {
  const kept = sent === null ? [] : tokensLost(held, lost);
  const tokens = sent ? tokensGained(kept, sent) : kept;
  return tokens.length === 0 ? profile : { ...profile, push_tokens: tokens };
};

/** What ingestion did not take belongs on the timeline as much as what the fold does not. */
const droppedBy = (
  { dropped }: AttributesUpdated,
  event: ProfileEvent,
): readonly RecordedRejection[] | undefined =>
  dropped?.map(({ name, reason }) => rejection(event, reason, name));

const fieldsUpdated = (fields: ProfileFields, sent: ProfileFields): ProfileFields => {
  const fresh: { [name: string]: Json } = { ...fields } as { [name: string]: Json };
  for (const [name, value] of Object.entries(sent) as [string, Json | undefined][]) {
    if (value === null) delete fresh[name];
    else if (value !== undefined) put(fresh, name, value);
  }
  return fresh;
};

const purchased = (
  profile: ActiveProfile,
  event: ProfileEvent,
  { product_id, currency, price, quantity, time }: PurchaseRecorded,
  copies?: Copies,
): ActiveProfile => {
  const total = roundedAmount((own(profile.revenue, currency) ?? 0) + price * quantity);
  // The purchase is a fact and counts, even where its price is more than a sum can hold, or its product one too many.
  const isSum = Number.isFinite(total);
  const revenue = isSum ? withEntry(profile.revenue, currency, total, copies) : profile.revenue;
  const isOneTooMany = isFullFor(profile.purchases, product_id);
  const purchases = isOneTooMany
    ? profile.purchases
    : counted(profile.purchases, product_id, time, quantity, copies);
  if (isSum && !isOneTooMany) return { ...profile, updated_at: event.received_at, purchases, revenue };
  const reasons = [
    ...(isSum ? [] : (['number_overflow'] as const)),
    ...(isOneTooMany ? (['too_many_names'] as const) : []),
  ];
  const rejected = reasons.map((reason) => rejection(event, reason, product_id));
  return { ...refused(profile, event, rejected), purchases, revenue };
};
