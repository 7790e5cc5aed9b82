-- The pairs of groups, in the groups' order, of each the strongest; and how many it has.
select p.id, p.left_id, p.right_id, p.group_id, p.weight, p.probability, p.band, p.reasons, p.decided, p.why, p.decided_by,
  p.decided_at, p.version, p.pairs
from unnest($2::uuid[]) with ordinality as w (id, n)
cross join lateral (
  select d.*, count(*) over () as pairs from duplicate_pairs d
  where d.org_id = $1 and d.group_id = w.id order by d.weight desc, d.id limit $3::int) p
order by w.n, p.weight desc, p.id;
