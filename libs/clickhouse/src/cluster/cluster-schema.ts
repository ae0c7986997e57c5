import { textOf } from '../ask';
import { migrations } from '../migrations';
import { statementsOf } from '../statements-of';
import { clusterDatabases, clusterStatements } from './cluster-statements';

/** Every statement that a new cluster of this name gets, in order: to be read, and to be checked. */
export function clusterSchema(cluster: string, database: string): string[] {
  const layout = { cluster, database, replicated: true };
  const texts = [textOf('schema/create-schema-migrations'), ...migrations().map(({ text }) => text)];
  const made = texts.flatMap(statementsOf).flatMap((statement) => clusterStatements(statement, layout));
  return [...clusterDatabases(layout), ...made.map(({ text }) => text)];
}
