with gone as (
  update records set deleted_at = now()
  where org_id = $1 and connection_id = $2 and remote_hash = $3 and deleted_at is null returning id),
twins as (delete from duplicate_pairs d using gone where d.org_id = $1 and gone.id in (d.left_id, d.right_id))
delete from match_subjects m using gone where m.org_id = $1 and m.kind = 2 and m.subject_id = gone.id;
