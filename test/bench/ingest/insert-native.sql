-- Takes the blocks of select-native.sql.
INSERT INTO bugchecks (event_id, occurred_at, received_at, host_id, org_id, country, os_build, bugcheck_code, bugcheck_parameters,
    driver, driver_version, update_channel, update_version, fault_offset, uptime_seconds, recent_updates, source_partition, source_offset)
FORMAT Native
