select d.id, d.left_id, d.right_id, d.group_id, d.weight, d.probability, d.band, d.reasons, d.decided, d.why, d.decided_by,
  d.decided_at, d.version, 1::bigint
from duplicate_pairs d where d.org_id = $1 and d.id = $2;
