/** What answers with profiles: a `Projection`. */
export const PROFILES = Symbol('profiles');
