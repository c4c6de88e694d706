/** What answers with profiles: a `Projection`. */
export const PROFILES = Symbol('profiles');
/** What the reading REST API answers from. */
export const READING = Symbol('reading');
