import { describe } from 'vitest';
import { eventStoreContract } from '@hearth/eventing/testing';
import { kurrentdbFixture } from './testing/fixture.ts';

const server = process.env.HEARTH_TEST_KURRENTDB_URL;

describe.runIf(server)('KurrentDB, where HEARTH_TEST_KURRENTDB_URL names a server', () => {
  eventStoreContract('kurrentdb', kurrentdbFixture(server ?? ''));
});
