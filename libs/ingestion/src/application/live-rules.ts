import type { OpenWorkspace } from '@hearth/workspace';

import type { TrackRules } from '../domain/parsing/index.ts';
import { rulesOf, type TrackSettings } from '../domain/workspace-rules.ts';

/** The rules that bodies are parsed by, as of now: made anew when the workspace changes, so that a call only reads them. */
export interface LiveRules {
  readonly current: TrackRules;
}

/** Rules that follow the settings of the workspace. */
export const liveRules = (
  settings: TrackSettings,
  workspace: Pick<OpenWorkspace, 'current' | 'onChange'>,
): LiveRules => {
  const live = { current: rulesOf(settings, workspace.current) };
  workspace.onChange((changed) => {
    live.current = rulesOf(settings, changed);
  });
  return live;
};
