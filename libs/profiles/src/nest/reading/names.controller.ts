import { readQuery, ServeEndpoint } from '@hearth/rest-api';
import { Controller, HttpCode, Inject, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Reading } from '../../application/reading/reading.ts';
import { READING } from '../tokens.ts';
import { eventsListEndpoint, NamesQuery, productListEndpoint } from './names.endpoints.ts';
import { readOptionsOf } from './read-options.ts';

/** `/events/list` and `/purchases/product_list`. */
@Controller()
export class NamesController {
  constructor(@Inject(READING) private readonly reading: Pick<Reading, 'listNames'>) {}

  @ServeEndpoint(eventsListEndpoint)
  @HttpCode(200)
  async events(@Req() request: FastifyRequest) {
    const { page } = readQuery(NamesQuery, request.query);
    return {
      message: 'success',
      events: await this.reading.listNames('custom_event', page, readOptionsOf(request)),
    };
  }

  @ServeEndpoint(productListEndpoint)
  @HttpCode(200)
  async products(@Req() request: FastifyRequest) {
    const { page } = readQuery(NamesQuery, request.query);
    return {
      message: 'success',
      products: await this.reading.listNames('product', page, readOptionsOf(request)),
    };
  }
}
