-- The hour; of every host of the organisation what is older than the page looks back goes.
with gone as (delete from egress_hours where org_id = $1 and at_hour <= now() - interval '30 days')
insert into egress_hours (org_id, host_hash, at_hour) values ($1, $2, date_trunc('hour', now())) on conflict do nothing;
