with entry as (
  insert into audit (org_id, seq, at, user_id, session_id, token_id, grant_id, address, address_hash, action, kind, subject_id, records,
    request, note, why, hash)
  values ($1, $2, timestamptz 'epoch' + $3::bigint * interval '1 millisecond', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17))
update journal_heads set audit_hash = $17 where org_id = $1;
