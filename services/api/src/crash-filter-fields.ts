import { instantField, repeatable, stopCodeField, valueField } from './query-fields';

/** Which crashes: the fields that every question about crashes can be narrowed by. */
export const crashFilterFields = {
  since: instantField
    .optional()
    .meta({ description: 'only crashes with occurred_at at or after this time', examples: ['2024-07-19T04:00:00Z'] }),
  until: instantField
    .optional()
    .meta({ description: 'only crashes with occurred_at before this time', examples: ['2024-07-19T06:00:00Z'] }),
  driver: repeatable(valueField(128).transform((name) => name.toLowerCase())).meta({
    description: 'only crashes that blame one of these images, in any case',
    examples: [['csagent.sys']],
  }),
  driver_version: repeatable(valueField(64)),
  update_channel: repeatable(valueField(160)),
  update_version: repeatable(valueField(64)),
  bugcheck_code: repeatable(stopCodeField).meta({
    description: 'only these stop codes: 0x50, 0x00000050 and 80 are the same',
    examples: [['0x50']],
  }),
  country: repeatable(valueField(2).transform((code) => code.toUpperCase())),
  org_id: repeatable(valueField(128)),
  os_build: repeatable(valueField(64)),
};

/** Whether a range has a length; for `.refine`. */
export const isRange = ({ since, until }: { since?: Date; until?: Date }) =>
  since === undefined || until === undefined || since < until;
export const notARange = { error: 'wanted until to be after since', path: ['until'] };
