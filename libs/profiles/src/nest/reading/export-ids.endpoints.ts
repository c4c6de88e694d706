import type { Endpoint } from '@hearth/rest-api';
import { z } from 'zod';
import { ExportedProfile } from './exported-profile.ts';
import { minPosition } from './min-position.ts';

/** Profiles by their identifiers (user-data API §13.1). Read by hand, since its errors have texts of their own. */
export const exportIdsEndpoint: Endpoint = {
  method: 'POST',
  path: '/users/export/ids',
  permission: 'users.export.ids',
  kind: 'read',
  summary: 'Export profiles by identifiers',
  body: z.looseObject({
    external_ids: z
      .array(z.string().nullable())
      .optional()
      .meta({ description: 'Current and deprecated ids; a null is passed over.' }),
    user_aliases: z.array(z.looseObject({ alias_name: z.string(), alias_label: z.string() })).optional(),
    device_id: z.string().optional(),
    braze_id: z.string().optional(),
    email_address: z.string().optional().meta({ description: 'Every profile with this address.' }),
    phone: z.string().optional().meta({ description: 'Every profile with this number.' }),
    fields_to_export: z.array(z.string()).optional().meta({ description: 'All fields without it.' }),
    min_position: minPosition,
    as_of: z
      .string()
      .optional()
      .meta({ description: 'A time or a position: the profile of one user as it was then.' }),
  }),
  responses: {
    201: z.object({
      message: z.string(),
      users: z.array(ExportedProfile),
      invalid_user_ids: z.array(z.string()).optional(),
    }),
    400: z.object({ message: z.string() }),
  },
  examples: [
    {
      name: 'some fields of a user',
      request: { external_ids: ['u1'], fields_to_export: ['external_id', 'email', 'custom_attributes'] },
      status: 201,
      response: {
        message: 'success',
        users: [{ external_id: 'u1', email: 'jon@example.com', custom_attributes: { tier: 'gold' } }],
      },
    },
    {
      name: 'by external id and alias',
      request: {
        external_ids: ['nobody'],
        user_aliases: [{ alias_name: 'nobody', alias_label: 'none' }],
        fields_to_export: ['external_id', 'email', 'custom_attributes'],
      },
      status: 201,
      response: { message: 'success', users: [], invalid_user_ids: ['nobody', 'nobody'] },
    },
  ],
};
