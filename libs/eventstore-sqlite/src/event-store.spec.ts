import { eventStoreContract } from '@hearth/eventing/testing';
import { sqliteFixture } from './testing/fixture.ts';

eventStoreContract('sqlite', sqliteFixture);
