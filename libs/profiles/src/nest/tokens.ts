/** What answers with profiles: a `Projection`. */
export const PROFILES = Symbol('profiles');
/** What the reading REST API answers from. */
export const READING = Symbol('reading');
/** The definitions of segments: a `SegmentRegistry`. */
export const SEGMENTS = Symbol('segments');
/** What definitions of segments are made with. */
export const SEGMENT_CONTEXT = Symbol('segment context');
/** Exports of segments: `SegmentExports`. */
export const SEGMENT_EXPORTS = Symbol('segment exports');
