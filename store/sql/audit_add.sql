with entry as (
  insert into audit (org_id, seq, at, user_id, action, kind, subject_id, request, note, hash)
  values ($1, $2, timestamptz 'epoch' + $3::bigint * interval '1 millisecond', $4, $5, $6, $7, $8, $9, $10))
update journal_heads set audit_hash = $10 where org_id = $1;
