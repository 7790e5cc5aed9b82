with gone as (
  update records set deleted_at = now()
  where org_id = $1 and connection_id = $2 and deleted_at is null
    and fetched_at < timestamptz 'epoch' + $3::bigint * interval '1 millisecond' returning id),
keys as (delete from match_subjects m using gone
  where m.org_id = $1 and m.kind = 2 and m.subject_id = gone.id),
lefts as (delete from duplicate_pairs d using gone where d.org_id = $1 and d.left_id = gone.id returning d.id),
rights as (delete from duplicate_pairs d using gone where d.org_id = $1 and d.right_id = gone.id
  and not exists (select from gone g where g.id = d.left_id))
select count(*) from gone;
