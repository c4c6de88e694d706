import type { ExportOptions } from '@hearth/contracts';
import type { ReadingPorts } from './ports.ts';

/** How profiles are shown at a moment (epoch milliseconds), with the settings that the workspace has now. */
export const exportOptions = (
  { workspace, baseCurrency }: Pick<ReadingPorts, 'workspace' | 'baseCurrency'>,
  at: number,
  wanted: Pick<ExportOptions, 'fields' | 'custom_attributes'>,
): ExportOptions => {
  const { apps } = workspace.current;
  const showsTokens = wanted.fields === undefined || wanted.fields.includes('push_tokens');
  return {
    ...wanted,
    now: new Date(at).toISOString(),
    base_currency: baseCurrency,
    ...(showsTokens && apps.size > 0 && { apps: [...apps.values()] }),
  };
};
