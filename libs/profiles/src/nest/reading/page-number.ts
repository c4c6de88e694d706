import { z } from 'zod';

const MOST = 9_999_999;

/** A whole number of a query string, such as the page, counted from 0; `fallback` where there is none. */
export const pageNumber = ({ fallback = 0, least = 0, most = MOST } = {}) =>
  z
    .string()
    .regex(/^\d{1,7}$/)
    .default(String(fallback))
    .transform(Number)
    .refine((value) => value >= least && value <= most);
