with gone as (
  update records set deleted_at = now()
  where org_id = $1 and connection_id = $2 and deleted_at is null
    and fetched_at < timestamptz 'epoch' + $3::bigint * interval '1 millisecond' returning id),
keys as (delete from match_subjects m using gone
  where m.org_id = $1 and m.kind = 2 and m.subject_id = gone.id)
select count(*) from gone;
