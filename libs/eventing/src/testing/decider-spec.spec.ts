import { expect, it } from 'vitest';
import { reject, type Decider } from '../index.ts';
import { specFor } from './decider-spec.ts';

type LampEvent = { type: 'SwitchedOn'; data: { watts: number } } | { type: 'Broken'; data: null };
type Lamp = 'off' | 'on' | 'broken';

const lamp: Decider<Lamp, { watts: number }, LampEvent, 'lamp_broken'> = {
  initialState: 'off',
  decide: ({ watts }, state) => {
    if (state === 'broken') return reject('lamp_broken', 'It gives no light any more');
    return state === 'on' ? [] : [{ type: 'SwitchedOn', data: { watts } }];
  },
  evolve: (state, { type }) => (type === 'SwitchedOn' ? 'on' : type === 'Broken' ? 'broken' : state),
};

const { given } = specFor(lamp);
const on: LampEvent = { type: 'SwitchedOn', data: { watts: 7 } };
const broken: LampEvent = { type: 'Broken', data: null };

it('passes for what the decider does', () => {
  given([]).when({ watts: 7 }).then([on]);
  given([on]).when({ watts: 7 }).then([]);
  given([on, broken]).when({ watts: 7 }).thenRejected('lamp_broken');
});

it('fails for anything else', () => {
  expect(() => given([]).when({ watts: 8 }).then([on])).toThrow(/expected/);
  expect(() => given([]).when({ watts: 7 }).then([])).toThrow(/expected/);
  expect(() => given([broken]).when({ watts: 7 }).then([on])).toThrow(/expected/);
  expect(() => given([]).when({ watts: 7 }).thenRejected('lamp_broken')).toThrow(/expected/);
});
