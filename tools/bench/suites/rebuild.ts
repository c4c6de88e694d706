import type { SuiteContext } from './suite.ts';
import type { Section } from '../report/section.ts';
export const benchRebuild = (_: SuiteContext): Promise<Section> => Promise.reject(new Error('not yet'));
