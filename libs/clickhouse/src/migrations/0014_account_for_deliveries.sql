-- What became of every change at every receiver: also of those that were not sent by themselves but carried by another message,
-- and what is needed to go on from there after a restart.
ALTER TABLE deliveries ADD COLUMN IF NOT EXISTS change LowCardinality(String) DEFAULT '' AFTER sequence;

-- The change of the same incident whose message carried this one (`joined`); 0 where it was not carried.
ALTER TABLE deliveries ADD COLUMN IF NOT EXISTS carried_by UInt32 DEFAULT 0;

-- The message that told of several incidents at once (`grouped`): it has rows of its own under this name as `incident_id`.
ALTER TABLE deliveries ADD COLUMN IF NOT EXISTS digest String DEFAULT '';

-- What the receiver calls the message, where it can be followed or changed later.
ALTER TABLE deliveries ADD COLUMN IF NOT EXISTS message_id String DEFAULT '';

-- The request of a person that this row answers.
ALTER TABLE deliveries ADD COLUMN IF NOT EXISTS request_id String DEFAULT '';

-- A fingerprint of the receiver's settings: a receiver that said it is gone is spoken to again when they have changed.
ALTER TABLE deliveries ADD COLUMN IF NOT EXISTS settings String DEFAULT '';
