import { ReplyError } from '@hearth/nest-kit';
import { isRefused, type RefusedRequest } from '../../domain/export/export-ids-request.ts';

/** The value, where the request was not refused. Throws the 400 that says why it was. */
export const accepted = <Value extends object>(value: Value | RefusedRequest): Value => {
  if (isRefused(value)) throw new ReplyError({ status: 400, body: { message: value.refused } });
  return value;
};
