/** Limits of the public API that are the same in every deployment (user-data API §8 to §11). */

/** Characters of attribute, event and property names, of string values, and of short profile fields. */
export const MAX_CHARS = 255;
/** Bytes of an external_id in UTF-8. */
export const MAX_EXTERNAL_ID_BYTES = 987;
/** Bytes in UTF-8 JSON of one custom attribute, and of event properties that hold an array or object. */
export const MAX_NESTED_BYTES = 100 * 1024;
/** Properties of one event or purchase; those that follow are left out. */
export const MAX_PROPERTIES = 256;
/** Levels of objects and arrays inside one field. */
export const MAX_LEVELS = 50;
/** Pieces in one purchase object. */
export const MAX_QUANTITY = 100;
/** Characters of an image URL: what browsers and proxies agree on. */
export const MAX_URL_CHARS = 2048;
