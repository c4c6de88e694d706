const ATOM = String.raw`[\p{L}\p{M}\p{N}!#$%&'*+/=?^_\x60{|}~-]+`;
const HOST_LABEL = String.raw`[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?`;
const LOCAL = new RegExp(String.raw`^${ATOM}(?:\.${ATOM})*$`, 'u');
const HOST = new RegExp(
  String.raw`^(?:${HOST_LABEL}\.)+[\p{L}\p{M}]{2,63}$|^(?:${HOST_LABEL}\.)+xn--[a-z0-9-]+$`,
  'iu',
);
/** The common case, without the cost of Unicode classes. */
const PLAIN =
  /^[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@[a-z0-9]+(?:-+[a-z0-9]+)*(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)*\.[a-z]{2,63}$/;

const MAX_EMAIL_CHARS = 254;
const MAX_LOCAL_CHARS = 64;
const MAX_LABEL_CHARS = 63;

/**
 * Reads an email address: one `@`, a local part without quotes or comments, a host with at least one dot. Stored lower-case,
 * because addresses are looked up without regard to case (user-data API §7.1, §11.3).
 *
 * @returns the address in lower case, or undefined where it is none.
 */
export const parseEmail = (text: string): string | undefined => {
  if (text.length > MAX_EMAIL_CHARS) return undefined;
  const email = text.toLowerCase();
  const at = email.lastIndexOf('@');
  if (at < 1 || at > MAX_LOCAL_CHARS) return undefined;
  const host = email.slice(at + 1);
  if (!PLAIN.test(email) && !(LOCAL.test(email.slice(0, at)) && HOST.test(host))) return undefined;
  return host.split('.').some((label) => label.length > MAX_LABEL_CHARS) ? undefined : email;
};
