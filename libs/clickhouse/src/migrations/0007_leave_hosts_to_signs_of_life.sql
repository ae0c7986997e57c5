-- A bugcheck carries what its host is (organisation, country, build), so it need not be looked up among the hosts. The view
-- that noted the host of every bugcheck cost 1.7 of the 3.9 CPU seconds that a million of them took to store.
DROP VIEW IF EXISTS hosts_from_bugchecks;
