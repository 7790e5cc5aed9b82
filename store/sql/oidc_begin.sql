insert into oidc_begun (org_id, id, provider_id, provider_version, state_hash, browser_hash, trip, expires_at)
select $1, $2, $3, $4, $5, $6, $7, now() + $8::bigint * interval '1 millisecond'
where (select count(*) from oidc_begun b where b.org_id = $1 and b.provider_id = $3 and b.expires_at > now()) < 5000;
