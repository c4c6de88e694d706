// eslint-disable-next-line no-control-regex
const unsafe = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Text of users fit for a terminal: what would move its cursor or turn its writing around is spelt out. */
export const printable = (text: string): string => text.replace(unsafe, escaped);

/** A value as JSON on a line. */
export const shown = (value: unknown): string =>
  value === undefined ? 'nothing' : printable(JSON.stringify(value));
