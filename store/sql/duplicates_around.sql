-- Pairs of which one record is among these, the strongest first; those that are different only among themselves, or where the contact's
-- cluster was split.
select d.id, d.left_id, d.right_id, d.group_id, d.weight, d.probability, d.band, d.reasons, d.decided, d.why, d.decided_by,
  d.decided_at, d.version, 1::bigint
from duplicate_pairs d where d.org_id = $1 and (d.left_id = any ($2::uuid[]) or d.right_id = any ($2::uuid[]))
  and (d.decided is distinct from 'different' or d.split_of = $3 or (d.left_id = any ($2::uuid[]) and d.right_id = any ($2::uuid[])))
order by d.weight desc, d.id limit $4::int;
