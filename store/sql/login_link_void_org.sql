delete from login_links where org_id = $1 and used_at is null;
