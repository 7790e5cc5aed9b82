-- Another set of keys gets another number; the same set keeps its own and comes not back.
insert into match_subjects as m (org_id, kind, subject_id, number, digest)
select $1, $2::smallint, w.subject_id, nextval('match_numbers'), w.digest
from unnest($3::uuid[], $4::bigint[]) as w (subject_id, digest)
on conflict (org_id, kind, subject_id) do update set number = excluded.number, digest = excluded.digest where m.digest <> excluded.digest
returning m.subject_id, m.number;
