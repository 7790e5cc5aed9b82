-- Older links of the same kind: asked for by mail ($3), or handed over.
delete from login_links where org_id = $1 and user_id = $2 and used_at is null and (browser_hash is not null) = $3;
