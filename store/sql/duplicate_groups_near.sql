-- Groups that hold one of the two records of a pair.
select distinct n.group_id
from duplicate_pairs d
cross join lateral (
  select group_id from duplicate_pairs where org_id = $1 and left_id in (d.left_id, d.right_id)
  union all
  select group_id from duplicate_pairs where org_id = $1 and right_id in (d.left_id, d.right_id)) n
where d.org_id = $1 and d.id = $2 order by n.group_id;
