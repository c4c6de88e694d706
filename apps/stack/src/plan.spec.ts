import { describe, expect, it } from 'vitest';
import { namedLines } from './lines.ts';
import { settlePorts } from './free-ports.ts';
import { stackPlan } from './plan.ts';

const ports = { nats: 4222, ingestion: 8081, profileProjection: 8082, eventstore: 8083 };
const settings = { port: 8080, host: '127.0.0.1', eventStore: 'sqlite', natsUrl: undefined };

const namesOf = (waves: ReturnType<typeof stackPlan>) => waves.map((wave) => wave.map(({ name }) => name));

describe('the plan of the stack', () => {
  it('starts NATS, then the log, then the services, then the gateway', () => {
    expect(namesOf(stackPlan(settings, ports, '/usr/sbin/nats-server'))).toEqual([
      ['nats-server'],
      ['eventstore'],
      ['profile-projection', 'ingestion'],
      ['gateway'],
    ]);
  });

  it('leaves out what runs elsewhere', () => {
    const elsewhere = {
      ...settings,
      eventStore: 'kurrentdb://127.0.0.1:2113',
      natsUrl: 'nats://10.0.0.1:4222',
    };
    const waves = stackPlan(elsewhere, ports, undefined);
    expect(namesOf(waves)).toEqual([['profile-projection', 'ingestion'], ['gateway']]);
    expect(waves.flat().map(({ env }) => env['HEARTH_NATS_URL'])).toEqual(
      Array(3).fill('nats://10.0.0.1:4222'),
    );
  });

  it('tells every service its own port, and the gateway where the services are', () => {
    const all = stackPlan({ ...settings, host: '0.0.0.0' }, ports, '/usr/sbin/nats-server').flat();
    const envOf = (name: string) => all.find((plan) => plan.name === name)?.env;
    expect(envOf('ingestion')).toEqual({
      HEARTH_HOST: '127.0.0.1',
      HEARTH_PORT: '8081',
      HEARTH_TRUST_PROXY: '127.0.0.1',
      HEARTH_NATS_URL: 'nats://127.0.0.1:4222',
    });
    expect(envOf('gateway')).toMatchObject({
      HEARTH_HOST: '0.0.0.0',
      HEARTH_PORT: '8080',
      HEARTH_INGESTION_URL: 'http://127.0.0.1:8081',
      HEARTH_PROFILE_PROJECTION_URL: 'http://127.0.0.1:8082',
    });
  });

  it('shows of nats-server only what is wrong', () => {
    const [[nats]] = stackPlan(settings, ports, '/usr/sbin/nats-server') as [
      [ReturnType<typeof stackPlan>[0][0]],
    ];
    expect(nats!.shows!('[7] 2026/11/22 05:00:00 [INF] Server is ready')).toBe(false);
    expect(nats!.shows!('[7] 2026/11/22 05:00:00 [ERR] address already in use')).toBe(true);
  });
});

describe('ports', () => {
  it('that are given stay, and 0 becomes free ones, no two alike', async () => {
    const settled = await settlePorts({ a: 0, b: 0, c: 8123 });
    expect(settled.c).toBe(8123);
    expect(settled.a).toBeGreaterThan(1023);
    expect(settled.b).not.toBe(settled.a);
  });
});

describe('output', () => {
  it('names its process on every line', () => {
    const written: string[] = [];
    const named = namedLines(['log', 'gateway'], {
      coloured: false,
      write: (text) => void written.push(text),
    });
    named('log')('one');
    named('gateway')('two');
    expect(written).toEqual(['log     | one\n', 'gateway | two\n']);
  });
});
