/** Why a message is refused: the contract's closed list, also the label of the metric. */
export type RefusalReason =
  'not_json' | 'not_object' | 'missing_field' | 'wrong_type' | 'out_of_range' | 'too_large' | 'conflict';

/** A message that was looked at and refused. `field` is a top-level name of the contract, or empty; `detail` is for people. */
export interface Refusal {
  kind: 'refused';
  reason: RefusalReason;
  field: string;
  detail: string;
}

export function refuse(reason: RefusalReason, field: string, detail: string): Refusal {
  return { kind: 'refused', reason, field, detail };
}
