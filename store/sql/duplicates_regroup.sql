update duplicate_pairs d set group_id = w.group_id
from unnest($2::uuid[], $3::uuid[]) as w (id, group_id)
where d.org_id = $1 and d.id = w.id and d.group_id <> w.group_id;
