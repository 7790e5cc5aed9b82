select seq, at, user_id, session_id, token_id, grant_id, address, address_hash, action, kind, subject_id,
  array_to_string(records, ' '), request, note, why, hash
from audit where org_id = $1
  and ($2::uuid is null or session_id = $2) and ($3::uuid is null or token_id = $3) and ($4::uuid is null or grant_id = $4)
  and ($5::bytea is null or address_hash = $5) and ($6::uuid is null or user_id = $6)
  and ($7::uuid is null or subject_id = $7 or records @> array[$7::uuid]) and ($8::text is null or action like $8)
  and ($9::bigint = 0 or at >= timestamptz 'epoch' + $9::bigint * interval '1 millisecond')
  and ($10::bigint = 0 or at < timestamptz 'epoch' + $10::bigint * interval '1 millisecond')
  and ($11::bigint = 0 or seq < $11)
order by seq desc limit $12;
