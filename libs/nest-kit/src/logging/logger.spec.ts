import { describe, expect, it } from 'vitest';
import { createLogger, type LoggerSettings } from './logger.ts';
import { nestLogger } from './nest-logger.ts';

const logging = (settings: Partial<LoggerSettings> = {}) => {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  return {
    lines,
    logger: createLogger({ service: 'ingestion', level: 'info', format: 'json', write, ...settings }),
  };
};

describe('logger', () => {
  it('writes one JSON object a line, with the service and the level by name', () => {
    const { lines, logger } = logging();
    logger.info({ correlationId: 'c1', revision: 3 }, 'events appended');
    logger.debug('left out');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      level: 'info',
      service: 'ingestion',
      msg: 'events appended',
      correlationId: 'c1',
      revision: 3,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
  });

  it('hides credentials and personal data', () => {
    const { lines, logger } = logging();
    logger.info(
      {
        email: 'a@example.com',
        user: { phone: '+15550001' },
        headers: { authorization: 'Bearer k' },
        request: { headers: { authorization: 'Bearer k' } },
        api_key: 'k-1',
      },
      'x',
    );
    expect(lines[0]).not.toMatch(/example\.com|15550001|Bearer|k-1/);
  });

  it('writes lines for people, errors with their stack, and lets no value forge a line', () => {
    const { lines, logger } = logging({ format: 'pretty' });
    logger.child({ port: 8080 }).info({ path: '/x\n00:00 info fake' }, 'listening');
    logger.error({ err: new Error('disk is full') }, 'append failed');
    expect(lines[0]).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} info {2}ingestion: listening {2}port=8080 path="\/x\\n00:00 info fake"\n$/,
    );
    expect(lines[1]).toMatch(/error ingestion: append failed\n {2}Error: disk is full\n/);
  });

  it("keeps Nest's start-up lines at debug and its errors at error", () => {
    const { lines, logger } = logging();
    const nest = nestLogger(logger);
    nest.log('Mapped {/x, GET} route', 'RouterExplorer');
    nest.error('no provider', 'the stack', 'Injector');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'error', msg: 'no provider', context: 'Injector', rest: ['the stack'] },
    ]);
  });
});
