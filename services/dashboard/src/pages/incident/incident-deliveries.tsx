import { Failed, Loading, Stale } from '../../parts/states';
import { DeliveryTable } from '../deliveries/delivery-table';
import type { Delivery } from '../../read/operation-answers';
import { read } from '../../read/read';
import { useLive } from '../../read/use-live';

/** Who was told of this incident, and whether it arrived. */
export function IncidentDeliveries({ id }: { id: string }) {
  const { answer, problem, retry } = useLive(`deliveries ${id}`, (signal) =>
    read<{ deliveries: Delivery[] }>('deliveries', { incident_id: id, limit: 500 }, signal),
  );
  if (answer === undefined) return problem ? <Failed problem={problem} retry={retry} /> : <Loading />;
  return (
    <section class="card" aria-labelledby="told-title">
      <h2 id="told-title">Who was told</h2>
      {problem && <Stale problem={problem} retry={retry} />}
      {answer.deliveries.length === 0 ? (
        <p class="quiet">Nobody was told: no receiver is set, or none wants to hear of it.</p>
      ) : (
        <DeliveryTable deliveries={answer.deliveries} />
      )}
    </section>
  );
}
