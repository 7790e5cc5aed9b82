select seq, at, user_id, action, kind, subject_id, request, note, hash from audit where org_id = $1 and seq > $2
order by seq limit 1000;
