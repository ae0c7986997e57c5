import type { IncidentChange } from '@ringwatch/incident';
import fc from 'fast-check';
import { judgeUpdate } from './verdict';

const update = { channel: 'content', version: '32' };
const suspect = (version: string) => ({
  update_channel: 'content',
  update_version: version,
  driver: '',
  driver_version: '',
  shipped_at: null,
  confidence: 0.5,
});
const incident = (version: string, more: Partial<IncidentChange> = {}) =>
  ({
    incident_id: `inc-${version}`,
    state: 'open',
    severity: 'sev1',
    suspect: suspect(version),
    other_suspects: [],
    separable: true,
    evidence: { crashed_hosts: 9, exposed_hosts: 100, expected: 0.4 },
    ...more,
  }) as unknown as IncidentChange;
const enough = { appliedHosts: 100, withdrawn: false };

describe('judgeUpdate', () => {
  it.each([
    { name: 'goes on with enough hosts and no incident', facts: enough, open: [], wanted: ['go', 'no_incident'] },
    {
      name: 'waits one host short',
      facts: { ...enough, appliedHosts: 99 },
      open: [],
      wanted: ['hold', 'insufficient_data'],
    },
    { name: 'waits for an unknown update', facts: undefined, open: [], wanted: ['hold', 'insufficient_data'] },
    {
      name: 'waits after a withdrawal',
      facts: { ...enough, withdrawn: true },
      open: [],
      wanted: ['hold', 'withdrawn'],
    },
    { name: 'halts on an incident', facts: enough, open: [incident('32')], wanted: ['halt', 'open_incident'] },
    { name: 'halts even with few hosts', facts: undefined, open: [incident('32')], wanted: ['halt', 'open_incident'] },
    { name: 'leaves the incidents of others', facts: enough, open: [incident('31')], wanted: ['go', 'no_incident'] },
    {
      name: 'goes on when it was weighed and cleared',
      facts: enough,
      open: [incident('31', { other_suspects: [suspect('32')] })],
      wanted: ['go', 'no_incident'],
    },
    {
      name: 'waits while it may be the one',
      facts: enough,
      open: [incident('31', { other_suspects: [suspect('32')], separable: false })],
      wanted: ['hold', 'not_separable'],
    },
  ])('$name', ({ facts, open, wanted }) => {
    const verdict = judgeUpdate(update, facts, open, 100);
    expect([verdict.verdict, verdict.reason]).toEqual(wanted);
    expect(verdict.explanation).not.toBe('');
  });

  it('never says go with fewer hosts than wanted', () =>
    fc.assert(
      fc.property(fc.nat(500), fc.integer({ min: 1, max: 500 }), (appliedHosts, minHosts) => {
        const { verdict } = judgeUpdate(update, { appliedHosts, withdrawn: false }, [], minHosts);
        expect(verdict).toBe(appliedHosts < minHosts ? 'hold' : 'go');
      }),
    ));
});
