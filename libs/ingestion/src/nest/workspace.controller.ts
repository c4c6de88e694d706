import { isRejection } from '@hearth/eventing';
import { ReplyError } from '@hearth/nest-kit';
import { readInput, ServeEndpoint } from '@hearth/rest-api';
import type { OpenWorkspace, Workspace, WorkspaceCommand } from '@hearth/workspace';
import { Body, Controller, Inject, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { metadataOf } from '../application/ports.ts';
import { NEW_ID, REQUEST_CONTEXT, WORKSPACE, type ContextOf } from './tokens.ts';
import {
  App,
  BlocklistChange,
  changeBlocklistEndpoint,
  createSubscriptionGroupEndpoint,
  forceTypeEndpoint,
  ListLimitChange,
  readWorkspaceEndpoint,
  registerAppEndpoint,
  setListLimitEndpoint,
  SubscriptionGroup,
  TypeChange,
} from './workspace.endpoints.ts';

/** What the public API leaves to a dashboard: the settings of the workspace. */
@Controller()
export class WorkspaceController {
  constructor(
    @Inject(WORKSPACE) private readonly workspace: OpenWorkspace,
    @Inject(REQUEST_CONTEXT) private readonly contextOf: ContextOf,
    @Inject(NEW_ID) private readonly newId: () => string,
  ) {}

  @ServeEndpoint(readWorkspaceEndpoint)
  read(): object {
    const { apps, groups, forcedTypes, listLimits } = this.workspace.current;
    return {
      message: 'success',
      apps: [...apps.values()],
      subscription_groups: [...groups.values()],
      blocklists: blocklistsOf(this.workspace.current),
      attribute_types: Object.fromEntries(forcedTypes),
      list_limits: Object.fromEntries(listLimits),
    };
  }

  @ServeEndpoint(registerAppEndpoint)
  async registerApp(@Body() body: unknown, @Req() request: FastifyRequest): Promise<object> {
    const { app_id = this.newId(), name, platform } = readInput(App, body);
    await this.#change(request, {
      type: 'RegisterApp',
      data: { app_id, name, ...(platform !== undefined && { platform }) },
    });
    return { message: 'success', app_id };
  }

  @ServeEndpoint(createSubscriptionGroupEndpoint)
  async createSubscriptionGroup(@Body() body: unknown, @Req() request: FastifyRequest): Promise<object> {
    const { id = this.newId(), name, channel } = readInput(SubscriptionGroup, body);
    await this.#change(request, { type: 'CreateSubscriptionGroup', data: { id, name, channel } });
    return { message: 'success', id };
  }

  @ServeEndpoint(changeBlocklistEndpoint)
  async changeBlocklist(@Body() body: unknown, @Req() request: FastifyRequest): Promise<object> {
    const { list, add, remove } = readInput(BlocklistChange, body);
    const changed = await this.#change(request, { type: 'ChangeBlocklist', data: { list, add, remove } });
    return { message: 'success', names: blocklistsOf(changed)[list] };
  }

  @ServeEndpoint(forceTypeEndpoint)
  async forceType(@Body() body: unknown, @Req() request: FastifyRequest): Promise<object> {
    const { name, data_type } = readInput(TypeChange, body);
    await this.#change(request, { type: 'ForceAttributeType', data: { name, data_type } });
    return { message: 'success' };
  }

  @ServeEndpoint(setListLimitEndpoint)
  async setListLimit(@Body() body: unknown, @Req() request: FastifyRequest): Promise<object> {
    const { name, limit } = readInput(ListLimitChange, body);
    await this.#change(request, { type: 'SetAttributeListLimit', data: { name, limit } });
    return { message: 'success' };
  }

  async #change(request: FastifyRequest, command: WorkspaceCommand): Promise<Workspace> {
    const changed = await this.workspace.change(command, metadataOf(this.contextOf(request)));
    if (isRejection(changed)) throw new ReplyError({ status: 400, body: { message: changed.detail } });
    return changed;
  }
}

const blocklistsOf = (workspace: Workspace) => ({
  attributes: [...workspace.blocklistedAttributes],
  events: [...workspace.blocklistedEvents],
  external_ids: [...workspace.blockedExternalIds],
});
