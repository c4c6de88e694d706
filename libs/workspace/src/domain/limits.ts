/** Names that a blocklist of attributes, or of events, may hold (user-data API §8.1). */
export const BLOCKLIST_LIMIT = 300;
/** The widest list that an attribute can be given: several times what the API's own plans offer (§8.4). */
export const LARGEST_LIST_LIMIT = 1_000;
/** Characters of names of attributes, events, apps and groups. */
export const MAX_NAME_CHARS = 255;
