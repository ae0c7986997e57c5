import { choose, pathOf, useAddress } from '../../frame/address';
import { Link } from '../../frame/link';
import { useTitle } from '../../frame/title';
import { Select } from '../../parts/select';
import { Failed, Loading, Stale } from '../../parts/states';
import type { Delivery } from '../../read/operation-answers';
import { read } from '../../read/read';
import { useLive } from '../../read/use-live';
import { DeliveryTable } from './delivery-table';
import { Receivers } from './receivers';

interface Answer {
  deliveries: Delivery[];
  next_cursor: string | null;
}

/** Who was told what, and whether it arrived. */
export function DeliveriesPage() {
  const { searchParams } = useAddress();
  const [receiver, outcome, incident] = ['receiver', 'outcome', 'incident_id'].map(
    (name) => searchParams.get(name) ?? '',
  );
  const { answer, problem, retry } = useLive('deliveries', (signal) =>
    read<Answer>('deliveries', { limit: 1_000 }, signal),
  );
  useTitle('Deliveries');
  if (answer === undefined) return problem ? <Failed problem={problem} retry={retry} /> : <Loading />;
  const { deliveries } = answer;
  const shown = deliveries.filter(
    (each) =>
      (!receiver || each.receiver === receiver) &&
      (!outcome || each.outcome === outcome) &&
      (!incident || each.incident_id === incident),
  );
  return (
    <>
      {problem && <Stale problem={problem} retry={retry} />}
      <Receivers deliveries={deliveries} />
      <section class="card" aria-labelledby="deliveries-title">
        <h2 id="deliveries-title">Attempts, newest first</h2>
        {incident && (
          <p class="quiet">
            of <Link to={pathOf.incident(incident)}>incident {incident}</Link>
          </p>
        )}
        <div class="filters spaced">
          <Select
            label="Receiver"
            value={receiver!}
            options={anyOf(deliveries.map((each) => each.receiver))}
            onChoose={(chosen) => choose({ receiver: chosen })}
          />
          <Select
            label="Outcome"
            value={outcome!}
            options={anyOf(deliveries.map((each) => each.outcome))}
            onChoose={(chosen) => choose({ outcome: chosen })}
          />
        </div>
        <DeliveryTable deliveries={shown} />
        {answer.next_cursor !== null && (
          <p class="quiet note">
            These are the newest thousand. The api gives all of them at <code>/api/v1/deliveries</code>.
          </p>
        )}
      </section>
    </>
  );
}

const anyOf = (values: string[]): Array<readonly [string, string]> => [
  ['', 'any'],
  ...[...new Set(values)].sort().map((each) => [each, each.replaceAll('_', ' ')] as const),
];
