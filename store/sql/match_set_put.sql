-- Subject $3[i] gets keys $4[$5[i]..$6[i]]. What it has already costs no new row.
insert into match_sets as m (org_id, shard, kind, subject_id, keys)
select $1, org_shard($1), $2::smallint, w.subject_id, ($4::bigint[])[w.first:w.last]
from unnest($3::uuid[], $5::bigint[], $6::bigint[]) as w (subject_id, first, last)
on conflict (org_id, shard, kind, subject_id) do update set keys = excluded.keys where m.keys <> excluded.keys;
