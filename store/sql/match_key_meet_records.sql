-- Keys that more than $3 subjects carry are left out; the lateral limit bounds what such a key costs. Materialized: a
-- database without statistics would walk the keys again for every record.
with wanted as (select distinct unnest($2::bigint[]) as key),
hits as materialized (
  select w.key, h.subject_id, count(*) over (partition by w.key) as carriers
  from wanted w cross join lateral (
    select m.subject_id from match_keys m
    where m.org_id = $1 and m.kind = 2 and m.key = w.key limit $3::int + 1) h)
select h.subject_id, count(*) as shared
from hits h join records s on s.org_id = $1 and s.id = h.subject_id and s.deleted_at is null
where h.carriers <= $3::int
group by h.subject_id order by shared desc, h.subject_id limit $4::int;
