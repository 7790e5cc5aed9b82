-- A newer one of the same address voids the older.
insert into sign_ups (org_id, id, email_hash, profile, domain_id, invitation_id, token_hash, browser_hash, code_hash, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now() + $10::bigint * interval '1 millisecond')
on conflict (org_id, email_hash) do update set id = excluded.id, profile = excluded.profile, domain_id = excluded.domain_id,
  invitation_id = excluded.invitation_id, token_hash = excluded.token_hash, browser_hash = excluded.browser_hash,
  code_hash = excluded.code_hash, code_tries = 0, expires_at = excluded.expires_at;
