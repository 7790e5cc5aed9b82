-- Keys that more than $3 subjects carry are left out; the lateral limit bounds what such a key costs. Whether a subject lives is
-- looked up one by one: a join would trust statistics that are not there after an import.
with wanted as (select distinct unnest($2::bigint[]) as key),
hits as materialized (
  select w.key, h.subject_id, count(*) over (partition by w.key) as carriers
  from wanted w cross join lateral (
    select m.subject_id from match_keys m
    where m.org_id = $1 and m.kind = 2 and m.key = w.key limit $3::int + 1) h)
select h.subject_id, count(*) as shared
from hits h
where h.carriers <= $3::int
  and (select s.deleted_at is null from records s where s.org_id = $1 and s.id = h.subject_id)
group by h.subject_id order by shared desc, h.subject_id limit $4::int;
