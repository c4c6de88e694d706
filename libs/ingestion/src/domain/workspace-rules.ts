import type { Workspace } from '@hearth/workspace';

import { defaultTrackRules, type AttributeRule, type TrackRules } from './parsing/index.ts';

/** The part of the rules that a deployment's settings decide; the rest comes from the workspace (user-data API §19). */
export type TrackSettings = Pick<
  TrackRules,
  'limit' | 'strictPrimary' | 'writeSecondaryFromEvents' | 'phoneRegion' | 'deviceIdOf'
>;

export const defaultTrackSettings: TrackSettings = defaultTrackRules;

/** The rules that hold while the workspace is set like this. Without an app or group of its own, it knows every one. */
export const rulesOf = (settings: TrackSettings, workspace: Workspace): TrackRules => ({
  ...settings,
  blockedExternalIds: workspace.blockedExternalIds,
  blocklistedAttributes: workspace.blocklistedAttributes,
  blocklistedEvents: workspace.blocklistedEvents,
  appIds: workspace.apps.size === 0 ? null : new Set(workspace.apps.keys()),
  subscriptionGroups:
    workspace.groups.size === 0
      ? null
      : new Map([...workspace.groups].map(([id, { channel }]) => [id, channel])),
  attributeRules: attributeRulesOf(workspace),
});

const attributeRulesOf = ({ forcedTypes, listLimits }: Workspace): ReadonlyMap<string, AttributeRule> => {
  const rules = new Map<string, AttributeRule>();
  for (const [name, forcedType] of forcedTypes) rules.set(name, { forcedType });
  for (const [name, listLimit] of listLimits) rules.set(name, { ...rules.get(name), listLimit });
  return rules;
};
