import { ConfigError } from '@hearth/nest-kit';
import { expect, it } from 'vitest';

import { describeFailure, Failure } from './failure.ts';

const systemError = (code: string, path?: string) =>
  Object.assign(new Error(`${code}: something, open`), { code, ...(path && { path }) });

it.each([
  [new Failure('it cannot be done'), 'it cannot be done'],
  [systemError('ENOSPC'), 'there is no space left on the disk (ENOSPC)'],
  [systemError('EACCES', '/locked/x'), 'this user is not allowed to: /locked/x (EACCES)'],
  [systemError('EWHATEVER'), 'EWHATEVER: something, open'],
  [new ConfigError(['A is wrong', 'B is wrong']), 'the settings are not usable: A is wrong; B is wrong'],
  [new Error('one line\n  at another'), 'one line at another'],
  [new TypeError(), 'TypeError'],
  ['a text', 'a text'],
])('a failure is told in one line: %s', (error, line) => expect(describeFailure(error)).toBe(line));
