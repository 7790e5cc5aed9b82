-- "xmax = 0": a host that was not there before.
insert into egress_hosts as h (org_id, host_hash, id, host, connection_id) values ($1, $2, $3, $4, $5)
on conflict (org_id, host_hash) do update set last_at = now(), connection_id = excluded.connection_id
returning xmax = 0;
