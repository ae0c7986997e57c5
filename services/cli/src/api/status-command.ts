import { parseArgs } from 'node:util';
import type { IncidentChange } from '@ringwatch/incident';
import type { CommandReader } from '../cli';
import { type Output, table } from '../output';
import { type Status, shown } from './answers';
import { ApiClient } from './api-client';
import { incidentRow, incidentsHeader } from './incidents-command';

/** `ringwatch status`: 0 where nothing is open, 1 where something is. */
export const statusCommand: CommandReader = (args, _now, env) => {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } });
  return {
    kind: 'alone',
    run: async ({ out }: Output) => {
      const api = new ApiClient(env);
      const status = await api.get<Status>('status');
      const { incidents } = await api.get<{ incidents: IncidentChange[] }>('incidents', {
        state: ['open', 'acknowledged', 'mitigating'],
      });
      const code = incidents.length > 0 ? 1 : 0;
      if (values.json) {
        out(`${JSON.stringify({ ...status, incidents }, null, 2)}\n`);
        return code;
      }
      out(
        `figures up to  ${shown(status.closed_until)} UTC (arrival), newest event ${shown(status.newest_event_at)} UTC\n`,
      );
      out(`stored         ${status.crashes} crashes of ${status.hosts} hosts, ${status.updates} updates\n`);
      out(`incidents      ${incidents.length === 0 ? 'none is open' : `${incidents.length} not resolved`}\n`);
      if (incidents.length > 0) out(`\n${table(incidentsHeader, incidents.map(incidentRow))}`);
      return code;
    },
  };
};
