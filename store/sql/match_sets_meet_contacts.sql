-- Contacts that meet one of many subjects: key $2[i] to $3[i] of $4 are the i-th one's. Without contacts nothing is looked for.
select distinct m.subject_id
from unnest($2::bigint[], $3::bigint[]) as w (first, last)
cross join lateral guard_match_meet($1, 1::smallint, ($4::bigint[])[w.first:w.last], $5::int, $6::int) m
where exists (select 1 from contacts c where c.org_id = $1)
  and (select c.deleted_at is null from contacts c where c.org_id = $1 and c.id = m.subject_id);
