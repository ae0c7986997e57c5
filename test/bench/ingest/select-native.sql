-- One block of events as rows of the table bugchecks.
SELECT event_id, occurred_at, now64(3, 'UTC') AS received_at, host_id, org_id, country, os_build, bugcheck_code, bugcheck_parameters,
    driver, driver_version, update_channel, update_version, fault_offset, uptime_seconds, recent_updates, source_partition, source_offset
FROM truth.bugchecks
WHERE source_partition = $partition
ORDER BY source_offset
LIMIT $limit OFFSET $offset
FORMAT Native
