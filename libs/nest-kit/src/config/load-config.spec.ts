import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig } from './load-config.ts';
import { required, withDefault } from './setting.ts';
import { settingsTable } from './settings-table.ts';
import { serviceSettings, settings } from './settings.ts';

const problemsOf = (work: () => unknown): readonly string[] => {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe('settings', () => {
  it('have defaults that are valid, so that nothing has to be set', () => {
    expect(parseConfig(settings, {})).toMatchObject({
      port: 8080,
      host: '127.0.0.1',
      dataDir: '.hearth',
      eventStore: 'sqlite',
      natsUrl: undefined,
      partitions: '00-ff',
    });
  });

  it('are read from their variables, and an empty one counts as unset', () => {
    const config = parseConfig(serviceSettings, { HEARTH_PORT: '9000', HEARTH_HOST: '', OTHER: 'x' });
    expect(config).toMatchObject({ port: 9000, host: '127.0.0.1' });
  });

  it('are refused all together, each with what it got and what it takes', () => {
    const problems = problemsOf(() =>
      parseConfig(settings, {
        HEARTH_PORT: 'eighty',
        HEARTH_EVENT_STORE: 'postgres://me:pass@host',
        HEARTH_PARTITIONS: '0-f',
      }),
    );
    expect(problems).toEqual([
      'HEARTH_PORT got "eighty"; it takes a port, 0 to 65535; 0 takes a free one',
      expect.stringMatching(/^HEARTH_EVENT_STORE got a value \(not shown\); it takes "sqlite", or/),
      expect.stringMatching(/^HEARTH_PARTITIONS got "0-f"/),
    ]);
  });

  it('never show a secret', () => {
    const problems = problemsOf(() => parseConfig(settings, { HEARTH_SECRET: 'hunter2' }));
    expect(problems).toHaveLength(1);
    expect(problems[0]).not.toContain('hunter2');
  });

  it('that nobody knows are problems, with the likely name', () => {
    const problems = problemsOf(() =>
      parseConfig(serviceSettings, { HEARTH_PROT: '1', HEARTH_SOMETHING_ELSE_ENTIRELY: '1' }),
    );
    expect(problems).toEqual([
      'HEARTH_PROT is no setting of Hearth; did you mean HEARTH_PORT?',
      'HEARTH_SOMETHING_ELSE_ENTIRELY is no setting of Hearth',
    ]);
  });

  it('of other services and of the tests are passed over', () => {
    expect(
      problemsOf(() => parseConfig(serviceSettings, { HEARTH_SECRET: 'short', HEARTH_TEST_X: '1' })),
    ).toEqual([]);
  });

  it('can be required, or given another default', () => {
    expect(problemsOf(() => parseConfig({ natsUrl: required(settings.natsUrl) }, {}))).toEqual([
      'HEARTH_NATS_URL is not set; it takes an address such as nats://127.0.0.1:4222',
    ]);
    expect(parseConfig({ natsUrl: withDefault(settings.natsUrl, 'nats://nats:4222') }, {})).toEqual({
      natsUrl: 'nats://nats:4222',
    });
  });

  it.each([
    'kurrentdb://127.0.0.1:2113?tls=false',
    'esdb://admin:changeit@a:2113,b:2113,c:2113',
    'kurrentdb+discover://cluster.example:2113',
  ])('take the connection string %s', (text) => {
    expect(parseConfig({ store: settings.eventStore }, { HEARTH_EVENT_STORE: text })).toEqual({
      store: text,
    });
  });

  it('are printed as a table with a row each', () => {
    expect(settingsTable().split('\n')).toHaveLength(2 + Object.keys(settings).length);
    expect(settingsTable()).toContain('| `HEARTH_PORT` | `8080` |');
  });
});
