-- One statement marks: of two that ask at the same time one takes an entry, the other finds it taken.
with waiting as (
  select id from export_entries
  where org_id = $1 and connection_id = $3 and export_id is null order by id limit $5::int for update),
made as (
  insert into exports (org_id, id, connection_id, user_id, entries)
  select $1, $2::uuid, $3::uuid, $4::uuid, count(*) from waiting having count(*) > 0 returning id)
update export_entries e set export_id = made.id from made, waiting
where e.org_id = $1 and e.id = waiting.id and e.export_id is null;
