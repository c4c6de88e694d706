import type { Endpoint } from '@hearth/rest-api';
import { z } from 'zod';
import { minPosition } from './min-position.ts';
import { pageNumber } from './page-number.ts';

/** Pages are counted from 0. Not a number, or negative: 400. */
const page = pageNumber().meta({ description: 'The page of 250 names, counted from 0.' });

/** What the endpoints of names take. */
export const NamesQuery = z.looseObject({ page, min_position: minPosition });

/** Names of custom events that some profile has met. */
export const eventsListEndpoint: Endpoint = {
  method: 'GET',
  path: '/events/list',
  permission: 'events.list',
  kind: 'read',
  summary: 'List the names of custom events',
  query: NamesQuery,
  responses: { 200: z.object({ message: z.string(), events: z.array(z.string()) }) },
  examples: [
    {
      name: 'a page beyond the end',
      request: { page: '9999' },
      status: 200,
      response: { message: 'success', events: [] },
    },
  ],
};

/** Ids of products that some profile has bought. */
export const productListEndpoint: Endpoint = {
  method: 'GET',
  path: '/purchases/product_list',
  permission: 'purchases.product_list',
  kind: 'read',
  summary: 'List the ids of products',
  query: NamesQuery,
  responses: { 200: z.object({ message: z.string(), products: z.array(z.string()) }) },
  examples: [
    {
      name: 'a page beyond the end',
      request: { page: '9999' },
      status: 200,
      response: { message: 'success', products: [] },
    },
  ],
};
