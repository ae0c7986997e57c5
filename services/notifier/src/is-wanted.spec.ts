import type { IncidentChange } from '@ringwatch/incident';
import { isWanted } from './is-wanted';

const change = (kind: IncidentChange['change'], severity: IncidentChange['severity'] = 'sev2') =>
  ({ change: kind, severity }) as IncidentChange;

it.each(['opened', 'escalated', 'mitigated', 'resolved', 'reopened', 'superseded', 'acknowledged', 'unmuted'] as const)(
  'everyone hears of %s',
  (kind) => {
    const wish = { minSeverity: 'sev3', knowsIncident: false } as const;
    expect(isWanted(change(kind), { ...wish, kind: 'slack' })).toBe(true);
    expect(isWanted(change(kind), { ...wish, kind: 'webhook' })).toBe(true);
  },
);

it('nobody hears of what goes on while it is muted', () => {
  const wish = { minSeverity: 'sev3', knowsIncident: true } as const;
  for (const kind of ['escalated', 'updated', 'mitigated', 'muted', 'commented'] as const)
    for (const receiver of ['slack', 'webhook'] as const)
      expect(isWanted({ ...change(kind), muted: true }, { ...wish, kind: receiver })).toBe(false);
});

it('only programs hear of mere new figures', () => {
  const wish = { minSeverity: 'sev3', knowsIncident: true } as const;
  expect(isWanted(change('updated'), { ...wish, kind: 'slack' })).toBe(false);
  expect(isWanted(change('updated'), { ...wish, kind: 'webhook' })).toBe(true);
});

it.each([
  { severity: 'sev1', minSeverity: 'sev2', knowsIncident: false, wanted: true },
  { severity: 'sev2', minSeverity: 'sev2', knowsIncident: false, wanted: true },
  { severity: 'sev3', minSeverity: 'sev2', knowsIncident: false, wanted: false },
  { severity: 'sev3', minSeverity: 'sev2', knowsIncident: true, wanted: true },
] as const)(
  '$severity for a receiver of $minSeverity and worse, that knows of it: $knowsIncident',
  ({ severity, minSeverity, knowsIncident, wanted }) =>
    expect(isWanted(change('resolved', severity), { kind: 'slack', minSeverity, knowsIncident })).toBe(wanted),
);
