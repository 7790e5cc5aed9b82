-- Raises, or brings the open one up to date; nothing when what was already seen covers it. "xmax = 0": the row is fresh.
insert into alerts as a (org_id, id, kind, culprit_hash, user_id, session_id, token_id, address, host, amount, first_seq, last_seq,
  first_at, last_at)
select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, timestamptz 'epoch' + $13::bigint * interval '1 millisecond',
  timestamptz 'epoch' + $14::bigint * interval '1 millisecond'
where not exists (select from alerts s where s.org_id = $1 and s.kind = $3 and s.culprit_hash = $4 and s.seen_at is not null
  and s.last_seq >= $12)
on conflict (org_id, kind, culprit_hash) where seen_at is null do update
  set amount = greatest(a.amount, excluded.amount), last_seq = excluded.last_seq, last_at = excluded.last_at, version = a.version + 1
  where excluded.last_seq > a.last_seq
returning id, xmax = 0;
