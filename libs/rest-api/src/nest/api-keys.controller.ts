import { ReplyError } from '@hearth/nest-kit';
import { Body, Controller, HttpCode, Inject, Module, Req, type DynamicModule } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import type { ApiKeyAdministration, ApiKeyListing, Asked } from '../application/api-key-administration.ts';
import type { ApiKeyRegistry } from '../application/api-key-registry.ts';
import {
  createApiKeyEndpoint,
  listApiKeysEndpoint,
  NewApiKeyBody,
  RevokedApiKeyBody,
  revokeApiKeyEndpoint,
} from './api-keys.endpoints.ts';
import { refusalToGrant } from '../domain/access.ts';
import { readInput } from './read-input.ts';
import { ServeEndpoint } from './serve-endpoint.ts';

const ADMINISTRATION = Symbol('administration of API keys');
const REGISTRY = Symbol('registry of API keys');

const unknown = { status: 404, body: { message: 'No API key has this id' } } as const;
const configured = {
  status: 400,
  body: { message: 'The key of HEARTH_API_KEY is valid while that is set; unset it to end the key' },
} as const;

/** What the public API leaves to its dashboard: the API keys themselves (user-data API §2.1). */
@Controller()
export class ApiKeysController {
  constructor(
    @Inject(ADMINISTRATION) private readonly administration: ApiKeyAdministration,
    @Inject(REGISTRY) private readonly registry: Pick<ApiKeyRegistry, 'callerOf'>,
  ) {}

  @ServeEndpoint(createApiKeyEndpoint)
  async create(@Body() body: unknown, @Req() request: FastifyRequest): Promise<object> {
    const { name, permissions, ip_allowlist: ipAllowlist } = readInput(NewApiKeyBody, body);
    const caller = this.registry.callerOf(request.headers.authorization)?.key;
    const refusal = refusalToGrant(caller, { permissions, ipAllowlist });
    if (refusal !== undefined) throw new ReplyError({ status: 403, body: { message: refusal } });
    const { key, listing } = await this.administration.create(
      { name, permissions, ipAllowlist },
      this.asked(request),
    );
    return { message: 'success', key, ...listing };
  }

  @ServeEndpoint(listApiKeysEndpoint)
  list(): { message: string; api_keys: readonly ApiKeyListing[] } {
    return { message: 'success', api_keys: this.administration.list() };
  }

  @ServeEndpoint(revokeApiKeyEndpoint)
  @HttpCode(200)
  async revoke(@Body() body: unknown, @Req() request: FastifyRequest): Promise<object> {
    const { id } = readInput(RevokedApiKeyBody, body);
    const result = await this.administration.revoke(id, this.asked(request));
    if (result === 'unknown') throw new ReplyError(unknown);
    if (result === 'configured') throw new ReplyError(configured);
    return { message: 'success' };
  }

  private asked({ id, headers }: FastifyRequest): Asked {
    return { correlationId: id, by: this.registry.callerOf(headers.authorization)?.key.id };
  }
}

@Module({})
export class ApiKeysModule {
  static with(ports: {
    readonly administration: ApiKeyAdministration;
    readonly registry: Pick<ApiKeyRegistry, 'callerOf'>;
  }): DynamicModule {
    return {
      module: ApiKeysModule,
      controllers: [ApiKeysController],
      providers: [
        { provide: ADMINISTRATION, useValue: ports.administration },
        { provide: REGISTRY, useValue: ports.registry },
      ],
    };
  }
}
