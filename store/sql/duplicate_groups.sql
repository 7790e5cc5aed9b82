-- Groups with a pair of that decision (null: none yet), band and connection, the strongest first.
select distinct d.group_id
from duplicate_pairs d
where d.org_id = $1 and ($2::uuid is null or d.group_id < $2)
  and d.decided is not distinct from $3::text and ($4::text is null or d.band = $4)
  and ($5::uuid is null or exists (
    select from records r where r.org_id = $1 and r.id in (d.left_id, d.right_id) and r.connection_id = $5))
order by d.group_id desc limit $6::int;
