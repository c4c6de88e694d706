import type { Json, JsonObject, PurchaseRecorded } from '@hearth/contracts';

import { readAppId } from './app-id.ts';
import { currencyCode } from './currencies.ts';
import { refusals, type Refusal } from './errors.ts';
import { readEventTime } from './event-time.ts';
import type { Identity } from './identifiers.ts';
import { MAX_CHARS, MAX_QUANTITY } from './limits.ts';
import { afterContact, type ObjectReading } from './object-reading.ts';
import type { Writable } from './profile-fields.ts';
import { PURCHASE_RESERVED, readProperties } from './properties.ts';
import { isLonger } from './text-length.ts';
import type { TrackRules } from './track-rules.ts';

/** Reads a purchase object (user-data API §10). */
export const readPurchaseObject = (
  object: JsonObject,
  identity: Identity,
  rules: TrackRules,
  now: number,
  bytesAtMost: number,
): ObjectReading | Refusal => {
  const { price, quantity = null, currency: sentCurrency, product_id: sentProduct } = object;
  if (isAbsent(sentProduct)) return refusals.required('product_id');
  const productId = readProductId(sentProduct);
  if (productId === undefined) return refusals.invalid('product_id');
  if (isAbsent(sentCurrency)) return refusals.required('currency');
  const currency = typeof sentCurrency === 'string' ? currencyCode(sentCurrency) : undefined;
  if (currency === undefined) return refusals.currency;
  if (isAbsent(price)) return refusals.required('price');
  if (typeof price !== 'number' || Math.abs(price) > Number.MAX_SAFE_INTEGER)
    return refusals.invalid('price');
  if (quantity !== null && !isQuantity(quantity)) return refusals.invalid('quantity');
  const time = readEventTime(object['time'], now);
  if (typeof time === 'string') return time;
  const properties = readProperties(object['properties'], PURCHASE_RESERVED, bytesAtMost);
  if (typeof properties === 'string') return properties;
  const appId = readAppId(object['app_id'], rules);

  const data: Writable<PurchaseRecorded> = {
    product_id: productId,
    currency,
    price,
    quantity: quantity ?? 1,
    time: time.iso,
  };
  if (appId !== undefined) data.app_id = appId;
  if (properties !== undefined) data.properties = properties;
  return {
    commands: afterContact({ type: 'RecordPurchase', data }, identity, rules),
    select: { purchase_events: [productId] },
  };
};

const isAbsent = (value: Json | undefined): value is null | undefined =>
  value === undefined || value === null;

/** Clients send numbers as well; one beyond 2^53 has lost digits and would be another product. */
const readProductId = (sent: Json): string | undefined => {
  if (typeof sent === 'number')
    return Number.isInteger(sent) && !Number.isSafeInteger(sent) ? undefined : String(sent);
  return typeof sent === 'string' && sent !== '' && !isLonger(sent, MAX_CHARS) ? sent : undefined;
};

const isQuantity = (sent: Json): sent is number =>
  typeof sent === 'number' && Number.isInteger(sent) && sent >= 1 && sent <= MAX_QUANTITY;
